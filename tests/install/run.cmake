# Installs the build tree to a fresh prefix, then configures, builds and runs
# the consumer against that prefix alone.
set(prefix "${WORK}/prefix")
set(consumer "${WORK}/consumer")
file(REMOVE_RECURSE "${prefix}" "${consumer}")

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
run("${CMAKE_COMMAND}"
    -S
    "${SOURCE}"
    -B
    "${consumer}"
    -G
    "${GENERATOR}"
    "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}"
    "-DVIGIL_VERSION=${VERSION}")
run("${CMAKE_COMMAND}" --build "${consumer}")
run("${consumer}/consumer")
