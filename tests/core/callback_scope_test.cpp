#include "src/front/callback_scope.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace vigil;

TEST_CASE("callback scope: the end of an inner scope does not end the outer") {
  CHECK_FALSE(in_callback());
  {
    callback_scope outer;
    CHECK(in_callback());
    {
      callback_scope inner;
      CHECK(in_callback());
    }
    CHECK(in_callback());
  }
  CHECK_FALSE(in_callback());
}

TEST_CASE("threads: a callback of one thread is none of another") {
  callback_scope here;
  auto there = std::async(std::launch::async, [] {
    auto before = in_callback();
    callback_scope scope;
    return !before && in_callback();
  });
  CHECK(there.get());
  CHECK(in_callback());
}
