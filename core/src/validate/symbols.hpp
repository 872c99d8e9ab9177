// The dynamic symbols of a shared library, read without loading it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "stoa/result.hpp"

namespace stoa::core::validate {

struct Symbols {
  std::vector<std::string> exported;
  std::vector<std::string> unique;     // STB_GNU_UNIQUE: they pin the library in memory for ever
  std::vector<std::string> undefined;  // without the weak ones
  std::vector<std::string> needed;     // libraries
  std::size_t constructors = 0;        // run while it is loaded; those of the C runtime not counted
};

// Of a file that plugins::inspect has accepted. Error: validation.
Result<Symbols> symbols_of(const std::filesystem::path& path);

// Those of `symbols.undefined` that none of its libraries offers. In a child: loads the libraries.
std::vector<std::string> unresolved(const Symbols& symbols);

}  // namespace stoa::core::validate
