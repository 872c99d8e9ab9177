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
  // Takes the file of that path from an earlier collection, as names carry a digest of the content. False: it
  // is not there.
  bool add_from(const StaticFiles& earlier, std::string_view path);

  // [any-thread] GET or HEAD of a path: 200, 206, 304 or 416; nullopt when there is no such file. A range is
  // a part of the plain bytes; who takes a compressed variant gets that, whole.
  std::optional<Response> serve(const RequestHead& head, std::string_view request_id) const;
  // [any-thread] `path` as received.
  bool has(std::string_view path) const { return files_.find(path) != files_.end(); }

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
