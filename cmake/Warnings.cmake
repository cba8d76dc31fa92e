# One list of warnings for every target of the project: `photosafe_warnings(target)`. Without -Wrestrict: GCC 12 sees
# overlaps in std::string's operator+ that aren't there (its bug 105651).
function(photosafe_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual -Wcast-align -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${PHOTOSAFE_WERROR}>:-Werror>)
endfunction()
