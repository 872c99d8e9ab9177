#include "plugins/elf.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "security/digest.hpp"
#include "stoa/note.h"

namespace stoa::core::plugins {

namespace {

Error refusal(std::string message) {
  return {ErrorCode::validation, std::move(message)};
}

template <class T>
std::optional<T> read_at(const std::string& file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) return std::nullopt;
  T out;
  std::memcpy(&out, file.data() + offset, sizeof(T));
  return out;
}

std::optional<std::string_view> section(const std::string& file, const Elf64_Ehdr& header,
                                        std::string_view wanted) {
  if (header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
  const auto names =
      read_at<Elf64_Shdr>(file, header.e_shoff + std::uint64_t{header.e_shstrndx} * sizeof(Elf64_Shdr));
  if (!names) return std::nullopt;
  for (std::uint16_t i = 0; i < header.e_shnum; ++i) {
    const auto entry = read_at<Elf64_Shdr>(file, header.e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr));
    if (!entry) return std::nullopt;
    const std::uint64_t name = names->sh_offset + entry->sh_name;
    if (name > file.size() || file.size() - name <= wanted.size()) continue;
    if (file.compare(name, wanted.size(), wanted) != 0 || file[name + wanted.size()] != '\0') continue;
    if (entry->sh_offset > file.size() || file.size() - entry->sh_offset < entry->sh_size)
      return std::nullopt;
    return std::string_view(file).substr(entry->sh_offset, entry->sh_size);
  }
  return std::nullopt;
}

std::string text_of(const char* bytes, std::size_t size) {
  return std::string(bytes, strnlen(bytes, size));
}

}  // namespace

Result<Binary> inspect(const std::filesystem::path& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  std::ifstream stream(path, std::ios::binary);
  if (code || !stream) return refusal("cannot be read");
  std::string file(size, '\0');
  if (!stream.read(file.data(), static_cast<std::streamsize>(size))) return refusal("cannot be read");
  const auto header = read_at<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
    return refusal("is not a shared library (no ELF header)");
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_type != ET_DYN)
    return refusal("is not a 64-bit shared library");
  const auto self = [] {
    std::ifstream exe("/proc/self/exe", std::ios::binary);
    Elf64_Ehdr own{};
    exe.read(reinterpret_cast<char*>(&own), sizeof own);
    return own.e_machine;
  }();
  if (header->e_machine != self) return refusal("was built for another machine");
  if (header->e_shoff > file.size() ||
      file.size() - header->e_shoff < std::uint64_t{header->e_shnum} * sizeof(Elf64_Shdr)) {
    return refusal("is truncated");
  }

  const auto note = section(file, *header, ".note.stoa");
  if (!note) return refusal("is not a Stoa plugin (it has no .note.stoa)");
  constexpr std::size_t kHead = 12 + 8;  // sizes, type, padded name
  if (note->size() < kHead + 16) return refusal("has a broken .note.stoa");
  stoa_note_desc desc{};
  std::memcpy(&desc, note->data() + kHead, std::min(sizeof desc, note->size() - kHead));
  if (std::memcmp(note->data() + 12, STOA_NOTE_NAME, sizeof(STOA_NOTE_NAME)) != 0 || desc.size < 16 + 64) {
    return refusal("has a broken .note.stoa");
  }
  if (desc.abi_major != STOA_ABI_MAJOR) {
    return refusal("was built for ABI " + std::to_string(desc.abi_major) + ", this host has " +
                   std::to_string(STOA_ABI_MAJOR));
  }
  if (desc.sdk_minimum > STOA_SDK_VERSION) return refusal("needs a newer host");

  const auto manifest_text = section(file, *header, ".stoa.manifest");
  if (!manifest_text) return refusal("has no manifest (.stoa.manifest)");
  auto manifest = parse_manifest(*manifest_text);
  if (!manifest) return refusal(manifest.error().message);

  Binary binary;
  binary.path = path;
  binary.compiler = text_of(desc.compiler, sizeof desc.compiler);
  binary.sdk_built = desc.sdk_built;
  binary.sdk_minimum = desc.sdk_minimum;
  if (text_of(desc.id, sizeof desc.id) != manifest->id ||
      text_of(desc.version, sizeof desc.version) != manifest->version) {
    return refusal("has a note and a manifest that contradict each other");
  }
  binary.manifest = std::move(*manifest);
  binary.hash = security::hex_digest(file, 8);
  return binary;
}

}  // namespace stoa::core::plugins
