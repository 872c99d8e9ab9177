#include "validate/symbols.hpp"

#include <dlfcn.h>
#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace stoa::core::validate {

namespace {

class File {
 public:
  explicit File(std::string bytes) : bytes_(std::move(bytes)) {
    header_ = at<Elf64_Ehdr>(0).value_or(Elf64_Ehdr{});
    for (std::uint16_t i = 0; i < header_.e_shnum; ++i) {
      if (const auto section = at<Elf64_Shdr>(header_.e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr)))
        sections_.push_back(*section);
    }
  }

  // The first section of that type; null: none.
  const Elf64_Shdr* section(std::uint32_t type) const {
    const auto found = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const Elf64_Shdr& section) { return section.sh_type == type; });
    return found == sections_.end() ? nullptr : &*found;
  }
  template <class T>
  std::vector<T> entries(const Elf64_Shdr& section) const {
    std::vector<T> out;
    for (std::uint64_t offset = 0; offset + sizeof(T) <= section.sh_size; offset += sizeof(T)) {
      const auto entry = at<T>(section.sh_offset + offset);
      if (!entry) break;
      out.push_back(*entry);
    }
    return out;
  }
  std::string text(const Elf64_Shdr& owner, std::uint64_t offset) const {
    if (owner.sh_link >= sections_.size()) return {};
    const std::uint64_t begin = sections_[owner.sh_link].sh_offset + offset;
    if (begin >= bytes_.size()) return {};
    const auto end = bytes_.find('\0', begin);
    return bytes_.substr(begin, end == std::string::npos ? end : end - begin);
  }

 private:
  template <class T>
  std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T out;
    std::memcpy(&out, bytes_.data() + offset, sizeof(T));
    return out;
  }

  std::string bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
};

// What a sanitizer leaves in a library is no promise of its author.
bool of_a_sanitizer(std::string_view name) {
  static constexpr std::string_view kPrefixes[] = {"__asan_",      "__ubsan_", "__tsan_",
                                                   "__sanitizer_", "__lsan_",  "__odr_asan"};
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; });
}

}  // namespace

Result<Symbols> symbols_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const File file(std::string(std::istreambuf_iterator<char>(stream), {}));
  const Elf64_Shdr* table = file.section(SHT_DYNSYM);
  const Elf64_Shdr* dynamic = file.section(SHT_DYNAMIC);
  if (!table || !dynamic) return Error{ErrorCode::validation, "has no dynamic symbols"};
  Symbols out;
  for (const Elf64_Sym& symbol : file.entries<Elf64_Sym>(*table)) {
    const std::string name = file.text(*table, symbol.st_name);
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    if (name.empty() || binding == STB_LOCAL || of_a_sanitizer(name)) continue;
    if (symbol.st_shndx == SHN_UNDEF) {
      if (binding != STB_WEAK) out.undefined.push_back(name);
      continue;
    }
    if (binding == STB_GNU_UNIQUE) out.unique.push_back(name);
    if (symbol.st_shndx != SHN_ABS && ELF64_ST_VISIBILITY(symbol.st_other) == STV_DEFAULT)
      out.exported.push_back(name);
  }
  for (const Elf64_Dyn& entry : file.entries<Elf64_Dyn>(*dynamic)) {
    if (entry.d_tag == DT_NEEDED) out.needed.push_back(file.text(*dynamic, entry.d_un.d_val));
  }
  if (const Elf64_Shdr* constructors = file.section(SHT_INIT_ARRAY)) {
    const std::size_t all = constructors->sh_size / sizeof(std::uint64_t);
    out.constructors = all > 0 ? all - 1 : 0;  // the first is the C runtime's
  }
  return out;
}

std::vector<std::string> unresolved(const Symbols& symbols) {
  std::vector<void*> libraries;
  std::vector<std::string> out;
  for (const std::string& name : symbols.needed) {
    if (void* library = ::dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL))
      libraries.push_back(library);
    else
      out.push_back("the library " + name);
  }
  for (const std::string& name : symbols.undefined) {
    const bool found = std::any_of(libraries.begin(), libraries.end(),
                                   [&](void* library) { return ::dlsym(library, name.c_str()) != nullptr; });
    if (!found) out.push_back(name);
  }
  return out;
}

}  // namespace stoa::core::validate
