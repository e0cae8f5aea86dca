#pragma once

// The framework that the example tests are compiled with: doctest, unless the
// build says otherwise. The test kit needs none and goes with any: what goes
// wrong it throws as `vigil::testkit::failure`, which fails a test with its
// text. A test of your own includes your framework, and its macro is there
// instead of EXAMPLE_TEST.

#if defined(WITH_CATCH2)
#  define CATCH_CONFIG_MAIN
#  include <catch2/catch.hpp>
#  define EXAMPLE_TEST(name) TEST_CASE(#  name)
#elif defined(WITH_GTEST)
#  include <gtest/gtest.h>
#  define EXAMPLE_TEST(name) TEST(examples, name)
#else
#  define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#  include <doctest/doctest.h>
#  define EXAMPLE_TEST(name) TEST_CASE(#  name)
#endif
