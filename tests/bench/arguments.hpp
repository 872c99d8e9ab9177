#pragma once

#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace stoa::bench {

// A command line of pairs: --name value.
class Arguments {
 public:
  Arguments(int count, char** arguments) {
    for (int i = 1; i + 1 < count; i += 2) given_[arguments[i]] = arguments[i + 1];
  }

  bool has(const std::string& name) const { return given_.contains(name); }
  // Throws when it is not given.
  const std::string& text(const std::string& name) const {
    const auto found = given_.find(name);
    if (found == given_.end()) throw std::runtime_error(name + " is needed");
    return found->second;
  }
  // Leaves the value as it is when it is not given.
  template <class Number>
  void number(const std::string& name, Number& value) const {
    if (has(name)) value = static_cast<Number>(std::stod(text(name)));
  }
  // Of the file it names; none when it is not given.
  std::vector<std::string> lines(const std::string& name) const {
    std::vector<std::string> all;
    if (!has(name)) return all;
    std::ifstream file(text(name));
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

 private:
  std::map<std::string, std::string> given_;
};

}  // namespace stoa::bench
