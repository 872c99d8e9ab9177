// Keeps each statement within the tables of its owner. SQLite asks while it compiles a statement, including
// those that triggers, foreign keys and FTS5 bring in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/owner.hpp"

namespace stoa::core::storage {

class Authorizer {
 public:
  // Who is acting now; null is the host itself, which may do anything.
  const Owner* owner = nullptr;
  // The statement being compiled or run changes the schema: only then SQLite's own catalogue may be read and
  // written.
  bool changing_schema = false;
  // Something was refused since the last act(), and its name, if it has one.
  bool refused = false;
  std::string refused_name;
  // Names read without any column, which may be common table expressions: to be looked up after compiling.
  std::vector<std::string> unproven;

  void act(const Owner* who, bool changes_schema = false);
  bool allows(int action, const char* first, const char* second, const char* database);

 private:
  bool judge(int action, std::string_view first, std::string_view second, std::string_view database);
  bool may_read(std::string_view table, std::string_view column, std::string_view database);
  bool may_change(std::string_view table) const;
};

}  // namespace stoa::core::storage
