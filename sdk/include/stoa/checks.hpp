// A test program without a framework; any other will do as well.
//
//   STOA_TEST(GreetsByName) { STOA_EQUAL(host.stranger().get("/x/hello").status, 200); }
//   STOA_TEST_MAIN()
#pragma once

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace stoa::testing {

struct Test {
  const char* name;
  void (*run)();
};
inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
inline int& failures() {
  static int count = 0;
  return count;
}
inline bool registered(const char* name, void (*run)()) {
  tests().push_back({name, run});
  return true;
}
inline void fail(const char* file, int line, const std::string& what) {
  ++failures();
  std::fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
}
inline std::string shown(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}
template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
std::string shown(T number) {
  return std::to_string(number);
}
inline int run_all() {
  for (const Test& test : tests()) {
    const int before = failures();
    try {
      test.run();
    } catch (const std::exception& e) {
      fail(test.name, 0, e.what());
    }
    std::printf("%s  %s\n", failures() == before ? "passed" : "FAILED", test.name);
    std::fflush(stdout);  // also when a later test is killed
  }
  return failures() == 0 && !tests().empty() ? 0 : 1;
}

}  // namespace stoa::testing

// STOA_TEST(GreetsByName) { … }
#define STOA_TEST(name)                                                                             \
  static void stoa_test_##name();                                                                   \
  static const bool stoa_registered_##name = ::stoa::testing::registered(#name, &stoa_test_##name); \
  static void stoa_test_##name()
#define STOA_CHECK(condition)                                                              \
  do {                                                                                     \
    if (!(condition)) ::stoa::testing::fail(__FILE__, __LINE__, "is not so: " #condition); \
  } while (false)
#define STOA_EQUAL(actual, expected)                                                          \
  do {                                                                                        \
    const auto& stoa_actual = (actual);                                                       \
    const auto& stoa_expected = (expected);                                                   \
    if (!(stoa_actual == stoa_expected))                                                      \
      ::stoa::testing::fail(__FILE__, __LINE__,                                               \
                            #actual " is " + ::stoa::testing::shown(stoa_actual) + ", not " + \
                                ::stoa::testing::shown(stoa_expected));                       \
  } while (false)
// Once in a test program.
#define STOA_TEST_MAIN()               \
  int main() {                         \
    return ::stoa::testing::run_all(); \
  }
