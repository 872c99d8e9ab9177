#include "plugins/library.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <system_error>

#include "crash/breadcrumb.hpp"
#include "stoa/host.hpp"

namespace stoa::core::plugins {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostImages = 200;

// Members up to and including `destroy` came with the first release.
constexpr std::uint32_t kFirstSize = offsetof(stoa_plugin_desc, destroy) + sizeof(void*);

Result<void> check(const stoa_plugin_desc* desc, const Binary& binary) {
  const auto broken = [](std::string why) {
    return Error{ErrorCode::validation, "has a broken description: " + std::move(why)};
  };
  if (!desc) return broken("none");
  if (desc->size < kFirstSize) return broken("its size is " + std::to_string(desc->size));
  if (desc->abi_major != STOA_ABI_MAJOR) return broken("another ABI");
  if (detail::view(desc->id) != binary.manifest.id) return broken("its id is not that of its manifest");
  if (detail::view(desc->version) != binary.manifest.version)
    return broken("its version is not that of its manifest");
  if (!desc->create || !desc->destroy) return broken("create and destroy are required");
  for (std::size_t i = 0; i < desc->migration_count; ++i) {
    if (!desc->migrations || !desc->migrations[i]) return broken("a migration is missing");
  }
  for (std::size_t i = 0; i < desc->asset_count; ++i) {
    if (!desc->assets || !desc->assets[i]) return broken("an asset is missing");
  }
  return {};
}

// Unloading code that a thread may still run is not worth its few pages: never destroyed, also not at exit.
struct Image {
  std::unique_ptr<boost::dll::shared_library> library;
  const stoa_plugin_desc* desc = nullptr;
};
std::map<std::string, Image>& images() {  // by id and hash of the file
  static auto& all = *new std::map<std::string, Image>;
  return all;
}

// Where its code lies, for naming it in a crash.
void note_image(const std::string& id, const boost::dll::shared_library& library) {
  Dl_info info{};
  const void* symbol =
      reinterpret_cast<const void*>(library.get<const stoa_plugin_desc*()>("stoa_plugin_v1"));
  if (::dladdr(symbol, &info) == 0) return;
  struct Search {
    const void* base;
    std::uintptr_t end;
  } search{info.dli_fbase, 0};
  ::dl_iterate_phdr(
      [](dl_phdr_info* image, std::size_t, void* data) {
        auto& wanted = *static_cast<Search*>(data);
        if (reinterpret_cast<const void*>(image->dlpi_addr) != wanted.base) return 0;
        for (int i = 0; i < image->dlpi_phnum; ++i) {
          const auto& part = image->dlpi_phdr[i];
          if (part.p_type == PT_LOAD)
            wanted.end = std::max(wanted.end, image->dlpi_addr + part.p_vaddr + part.p_memsz);
        }
        return 1;
      },
      &search);
  if (search.end) crash::note_image(id, search.base, reinterpret_cast<const void*>(search.end));
}

}  // namespace

std::string written_name(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> written(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  return symbol.starts_with("_Z") && status == 0 ? written.get() : symbol;
}

std::string linker_words(const std::string& said) {
  const auto path_ends = said.find(": ");
  const std::string text = path_ends == std::string::npos ? said : said.substr(path_ends + 2);
  const auto symbol = text.rfind(": _Z");
  return symbol == std::string::npos ? text
                                     : text.substr(0, symbol + 2) + written_name(text.substr(symbol + 2));
}

Result<const stoa_plugin_desc*> load(const Binary& binary, const fs::path& directory) {
  const std::string key = binary.manifest.id + "-" + binary.hash;
  if (const auto image = images().find(key); image != images().end()) {
    if (auto good = check(image->second.desc, binary); !good) return good.error();
    return image->second.desc;
  }
  if (images().size() >= kMostImages) {
    return Error{ErrorCode::validation,
                 "cannot be loaded: " + std::to_string(kMostImages) +
                     " plugin files have been loaded since the start; restart the server"};
  }
  std::error_code code;
  fs::create_directories(directory, code);
  fs::permissions(directory, fs::perms::owner_all, code);
  const fs::path copy = directory / (key + ".so");
  const fs::path fresh = directory / (key + ".new");
  if (!fs::copy_file(binary.path, fresh, fs::copy_options::overwrite_existing, code) ||
      (fs::rename(fresh, copy, code), code)) {
    return Error{ErrorCode::validation, "cannot be copied to " + directory.string() + ": " + code.message()};
  }
  const crash::Breadcrumb here(binary.manifest.id.c_str(), "load");
  boost::dll::fs::error_code load_error;
  auto library = std::make_unique<boost::dll::shared_library>();
  library->load(copy.string(), boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local,
                load_error);
  if (load_error) {
    // Boost's code says "bad file descriptor" of everything; the linker says what is missing.
    const char* const why = ::dlerror();
    return Error{ErrorCode::validation,
                 "cannot be loaded: " + (why ? linker_words(why) : load_error.message())};
  }
  if (!library->has("stoa_plugin_v1")) return Error{ErrorCode::validation, "has no entry stoa_plugin_v1"};
  note_image(binary.manifest.id, *library);
  const auto entry = library->get<const stoa_plugin_desc*()>("stoa_plugin_v1");
  const stoa_plugin_desc* desc = entry();
  images()[key] = Image{std::move(library), desc};
  if (auto good = check(desc, binary); !good) return good.error();
  return desc;
}

}  // namespace stoa::core::plugins
