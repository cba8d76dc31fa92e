# One list of warnings for every target of the project: `photosafe_warnings(target)`.
function(photosafe_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual -Wcast-align -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough
    $<$<BOOL:${PHOTOSAFE_WERROR}>:-Werror>)
endfunction()
