// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/version.hpp>

#include "in_call.hpp"
#include "values.hpp"

PYBIND11_MODULE(_photosafe, module)
{
    module.doc() = "libphotosafe for Python. Import it by way of the package: `import photosafe`.";
    module.attr("__version__") = photosafe::version();
    photosafe::python::bind_end(module);
    photosafe::python::bind_errors(module);
    photosafe::python::bind_archive(module);
    photosafe::python::bind_source(module);
    photosafe::python::bind_work(module);
}
