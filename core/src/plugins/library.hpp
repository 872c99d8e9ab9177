// Shared libraries, loaded from a unique copy and never unloaded. The only Boost.DLL of the core.
#pragma once

#include <filesystem>
#include <string>

#include "plugins/elf.hpp"
#include "stoa/result.hpp"
#include "stoa/stoa.h"

namespace stoa::core::plugins {

// [lifecycle] A file that is mapped already is not mapped again. Otherwise copies the file into `directory`
// under a name made of its id and hash, loads the copy with every symbol resolved and none shared, and calls
// its entry. The description is checked against the binary's note; it and the code stay mapped for the life
// of the process. Errors: validation, in words for the operator; at most 200 files are mapped in the life of
// the process.
Result<const stoa_plugin_desc*> load(const Binary& binary, const std::filesystem::path& directory);

// A C++ symbol as it was written; others as they are.
std::string written_name(const std::string& symbol);
// What dlerror() said, without the path of our copy, and a C++ symbol as it was written.
std::string linker_words(const std::string& said);

}  // namespace stoa::core::plugins
