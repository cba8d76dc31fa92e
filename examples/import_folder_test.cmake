# Runs import_folder twice over a small card: the first time all is new, the second nothing.
file(REMOVE_RECURSE ${WORK})
file(WRITE ${WORK}/card/DCIM/100APPLE/IMG_0001.JPG "first light")
file(WRITE ${WORK}/card/DCIM/100APPLE/IMG_0002.JPG "second light")

foreach(expected "2 new, 0 known, 0 failed" "0 new, 2 known, 0 failed")
  execute_process(COMMAND ${PROGRAM} ${WORK}/card ${WORK}/archive
    OUTPUT_VARIABLE said ERROR_VARIABLE complaint RESULT_VARIABLE code OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT code EQUAL 0 OR NOT said STREQUAL expected)
    message(FATAL_ERROR "expected \"${expected}\" and 0, got \"${said}\" and ${code}\n${complaint}")
  endif()
endforeach()

execute_process(COMMAND ${PROGRAM} ${WORK}/nowhere ${WORK}/archive RESULT_VARIABLE code OUTPUT_QUIET ERROR_QUIET)
if(NOT code EQUAL 1)
  message(FATAL_ERROR "a card that isn't there: expected 1, got ${code}")
endif()
