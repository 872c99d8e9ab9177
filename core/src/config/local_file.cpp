#include "config/local_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "config/file_text.hpp"
#include "config/source_files.hpp"
#include "config/toml_file.hpp"
#include "config/toml_text.hpp"
#include "config/tree.hpp"

namespace stoa::core::config {
namespace {

std::string key_text(const rapidjson::Value& name) {
  const std::string_view text = text_of(name);
  return is_bare_key(text) ? std::string(text) : toml_quoted(text);
}

std::string values_text(const rapidjson::Value& table) {
  std::string text;
  for (const auto& member : table.GetObject())
    text += key_text(member.name) + " = " + toml_text(member.value) + "\n";
  return text;
}

// Sections, and those of plugins, under their own headings.
std::string file_text(const rapidjson::Value& root) {
  std::string values, sections;
  for (const auto& member : root.GetObject()) {
    if (!member.value.IsObject()) {
      values += key_text(member.name) + " = " + toml_text(member.value) + "\n";
    } else if (text_of(member.name) == "plugin") {
      for (const auto& plugin : member.value.GetObject())
        sections += "\n[plugin." + key_text(plugin.name) + "]\n" + values_text(plugin.value);
    } else {
      sections += "\n[" + key_text(member.name) + "]\n" + values_text(member.value);
    }
  }
  return "# Written by Stoa: the admin page and the commands change it. It counts more than stoa.toml.\n" +
         values + sections;
}

Error failed(const std::filesystem::path& path) {
  return {ErrorCode::unavailable, path.string() + " cannot be written: " + std::strerror(errno)};
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

LocalFile::LocalFile(const std::filesystem::path& data_dir) : path_(data_dir / kLocalFile) {}

Result<std::string> LocalFile::text() const {
  std::error_code code;
  if (!std::filesystem::exists(path_, code)) return std::string();
  auto text = read_text(path_);
  if (!text) return Error{ErrorCode::unavailable, path_.string() + " " + text.error().message};
  return text;
}

Result<void> LocalFile::set(const std::vector<std::string>& path, std::string_view json) {
  auto before = text();
  if (!before) return before.error();
  std::vector<Mistake> mistakes;
  Tree tree = read_toml(*before, path_.string(), mistakes);
  if (!mistakes.empty()) return Error{ErrorCode::validation, mistakes.front().to_string()};
  rapidjson::Document value;
  value.Parse(json.data(), json.size());
  if (value.HasParseError()) return Error{ErrorCode::validation, "not a JSON value"};
  tree.set(path, value, {});
  return restore(file_text(*tree.find({})));
}

Result<void> LocalFile::restore(const std::string& text) const {
  const std::filesystem::path fresh = path_.string() + ".new";
  const int file = ::open(fresh.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return failed(fresh);
  const bool written = write_all(file, text) && ::fsync(file) == 0;
  ::close(file);
  if (!written || ::rename(fresh.c_str(), path_.c_str()) != 0) {
    const Error error = failed(path_);
    ::unlink(fresh.c_str());
    return error;
  }
  return {};
}

}  // namespace stoa::core::config
