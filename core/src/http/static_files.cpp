#include "http/static_files.hpp"

#include <fstream>

#include "http/coding.hpp"
#include "http/conditional.hpp"
#include "http/entity_tag.hpp"
#include "http/problem.hpp"
#include "http/range.hpp"

namespace stoa::core::http {

namespace fs = std::filesystem;

namespace {

std::string_view type_of(std::string_view path) {
  const std::map<std::string_view, std::string_view> types = {{".html", "text/html; charset=utf-8"},
                                                              {".js", "text/javascript; charset=utf-8"},
                                                              {".mjs", "text/javascript; charset=utf-8"},
                                                              {".css", "text/css; charset=utf-8"},
                                                              {".json", "application/json"},
                                                              {".svg", "image/svg+xml"},
                                                              {".png", "image/png"},
                                                              {".jpg", "image/jpeg"},
                                                              {".webp", "image/webp"},
                                                              {".ico", "image/x-icon"},
                                                              {".txt", "text/plain; charset=utf-8"},
                                                              {".webmanifest", "application/manifest+json"},
                                                              {".map", "application/json"},
                                                              {".woff2", "font/woff2"}};
  const auto dot = path.rfind('.');
  const auto type = types.find(dot == std::string_view::npos ? std::string_view() : path.substr(dot));
  return type == types.end() ? "application/octet-stream" : type->second;
}

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
}

}  // namespace

StaticFiles::Variant StaticFiles::variant(std::string bytes) {
  std::string etag = entity_tag(bytes);
  return {std::make_shared<const std::string>(std::move(bytes)), std::move(etag)};
}

void StaticFiles::add_directory(const fs::path& directory, const std::string& prefix) {
  std::error_code code;
  for (const auto& entry : fs::recursive_directory_iterator(directory, code)) {
    if (!entry.is_regular_file()) continue;
    const std::string extension = entry.path().extension().string();
    if (extension == ".gz" || extension == ".br") continue;
    File file;
    const std::string path = prefix + fs::relative(entry.path(), directory).generic_string();
    file.type = type_of(path);
    file.plain = variant(read(entry.path()));
    for (const auto& [suffix, slot] : {std::pair{".gz", &file.gzip}, std::pair{".br", &file.brotli}}) {
      const fs::path sibling = entry.path().string() + suffix;
      if (fs::exists(sibling, code)) *slot = variant(read(sibling));
    }
    files_[path] = std::make_shared<const File>(std::move(file));
  }
}

void StaticFiles::add(std::string path, std::string_view bytes) {
  File file;
  file.type = type_of(path);
  if (is_worth_encoding(file.type, bytes.size())) {
    if (std::string compressed = encoded(bytes, Coding::gzip, Effort::utmost); !compressed.empty())
      file.gzip = variant(std::move(compressed));
  }
  file.plain = variant(std::string(bytes));
  files_[std::move(path)] = std::make_shared<const File>(std::move(file));
}

bool StaticFiles::add_from(const StaticFiles& earlier, std::string_view path) {
  const auto found = earlier.files_.find(path);
  if (found == earlier.files_.end()) return false;
  files_.insert_or_assign(found->first, found->second);
  return true;
}

std::optional<Response> StaticFiles::serve(const RequestHead& head, std::string_view request_id) const {
  const auto found = files_.find(head.path);
  if (found == files_.end()) return std::nullopt;
  const File& file = *found->second;
  std::string joined;
  const Coding coding = wanted_coding(head.list("Accept-Encoding", joined), file.brotli.bytes != nullptr,
                                      file.gzip.bytes != nullptr);
  const Variant& chosen = coding == Coding::brotli ? file.brotli
                          : coding == Coding::gzip ? file.gzip
                                                   : file.plain;
  Response response;
  // Names carry a digest of the content, so a name never changes its bytes.
  response.fields = {{"Content-Type", file.type},
                     {"Cache-Control", "public, max-age=31536000, immutable"},
                     {"ETag", chosen.etag},
                     {"Vary", "Accept-Encoding"},
                     {"X-Content-Type-Options", "nosniff"}};
  if (coding != Coding::identity) response.fields.emplace_back("Content-Encoding", name_of(coding));
  if (none_match(head.list("If-None-Match", joined), chosen.etag)) {
    response.status = 304;
    return response;
  }
  response.body = chosen.bytes;
  if (coding != Coding::identity) return response;
  response.fields.emplace_back("Accept-Ranges", "bytes");
  if (head.method != Method::get || !range_counts(head.field("If-Range"), chosen.etag)) return response;
  const std::size_t length = chosen.bytes->size();
  const Range range = range_of(head.field("Range"), length);
  switch (range.kind) {
    case Range::Kind::whole: break;
    case Range::Kind::part:
      response.status = 206;
      response.fields.emplace_back("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                                        std::to_string(range.first + range.size - 1) + "/" +
                                                        std::to_string(length));
      response.body = std::make_shared<const std::string>(*chosen.bytes, range.first, range.size);
      break;
    case Range::Kind::unsatisfiable:
      response = problem_response("range-not-satisfiable", "There are " + std::to_string(length) + " bytes.",
                                  request_id);
      response.fields.emplace_back("Content-Range", "bytes */" + std::to_string(length));
      break;
  }
  return response;
}

}  // namespace stoa::core::http
