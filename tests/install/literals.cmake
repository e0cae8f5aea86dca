# A name that a program is written with compiles if it is one, and if it is none
# it does not, with a sentence that says what a name looks like: with both
# compilers, in both standards, by a consumer who has all warnings on and takes
# vigil's headers for his own.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# compile(<result> <said> <compiler> <standard> <literal>...)
function(compile result said compiler standard)
  list(JOIN ARGN " && " expression)
  file(
    WRITE "${WORK}/literal.cpp"
    "#include <vigil/literals.hpp>\n" "using namespace vigil;\n"
    "bool there() { return true && ${expression}; }\n")
  execute_process(
    COMMAND
      "${compiler}" -std=c++${standard} -Wall -Wextra -Wpedantic -Wshadow
      -Wconversion -Werror -fsyntax-only -I "${INCLUDE}" "${WORK}/literal.cpp"
    RESULT_VARIABLE code
    ERROR_VARIABLE text)
  set(${result}
      "${code}"
      PARENT_SCOPE)
  set(${said}
      "${text}"
      PARENT_SCOPE)
endfunction()

string(REPEAT h 253 host)
string(REPEAT n 255 name)
set(right "\"a@localhost\"_node" "\"A-Z_9@10.0.0.1\"_node" "\"a@${host}\"_node"
          "\"db\"_process" "\"${name}\"_process")
set(wrong_node
    "\"\"_node"
    "\"a\"_node"
    "\"a@\"_node"
    "\"@h\"_node"
    "\"a@b@c\"_node"
    "\"a.b@h\"_node"
    "\"a@h h\"_node"
    "\"a@h\\0\"_node"
    "\"a@h${host}\"_node")
set(wrong_process "\"\"_process" "\"a b\"_process" "\"a.b\"_process"
                    "\"n${name}\"_process")

find_program(other NAMES clang++-14 clang++ NO_CACHE)
set(compilers "${COMPILER}")
if(other AND NOT other STREQUAL COMPILER)
  list(APPEND compilers "${other}")
else()
  message("only one compiler is here")
endif()
foreach(compiler IN LISTS compilers)
  foreach(standard 17 20)
    compile(code said "${compiler}" ${standard} ${right})
    if(NOT code EQUAL 0)
      message(FATAL_ERROR "${compiler}, C++${standard}: ${said}")
    endif()
    foreach(kind node process)
      foreach(literal IN LISTS wrong_${kind})
        compile(code said "${compiler}" ${standard} "${literal}")
        if(code EQUAL 0)
          message(FATAL_ERROR "${compiler}, C++${standard}: ${literal} compiles")
        endif()
        if(NOT said MATCHES "the name of a ${kind} is ")
          message(FATAL_ERROR "${literal}: no sentence of its own: ${said}")
        endif()
      endforeach()
    endforeach()
  endforeach()
endforeach()
