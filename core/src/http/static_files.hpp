// Files of the browser side, held in memory with their compressed variants. Copies share the files.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace stoa::core::http {

class StaticFiles {
 public:
  // Adds every file below `directory` at `prefix` + its relative path. "x.gz" and "x.br" beside "x" are its
  // variants.
  void add_directory(const std::filesystem::path& directory, const std::string& prefix);
  // Adds one file; text of 1 KiB and more gets a gzip variant.
  void add(std::string path, std::string_view bytes);
  // Takes the file of that path from an earlier collection, as names carry a digest of the content. False: it is not there.
  bool add_from(const StaticFiles& earlier, std::string_view path);

  // [any-thread] GET or HEAD of a path: 200 or 304; nullopt when there is no such file.
  std::optional<Response> serve(const RequestHead& head) const;

 private:
  struct Variant {
    SharedBytes bytes;
    std::string etag;
  };
  struct File {
    std::string type;
    Variant plain, gzip, brotli;  // bytes are null where there is none
  };
  static Variant variant(std::string bytes);
  std::map<std::string, std::shared_ptr<const File>, std::less<>> files_;
};

}  // namespace stoa::core::http
