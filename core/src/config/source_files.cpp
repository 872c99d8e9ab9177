#include "config/source_files.hpp"

#include "config/file_text.hpp"
#include "config/toml_file.hpp"

namespace stoa::core::config {
namespace {

// Unless it is known not to be there: what cannot be looked at is reported when it is read.
bool is_there(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::status(file, error).type() != std::filesystem::file_type::not_found;
}

}  // namespace

std::optional<std::filesystem::path> find_file(const Sources& sources) {
  if (sources.file) return sources.file;
  if (const auto named = sources.environment.find("STOA_CONFIG");
      named != sources.environment.end() && !named->second.empty())
    return named->second;
  for (const char* usual : {"stoa.toml", "config/stoa.toml", "/etc/stoa/stoa.toml"}) {
    if (is_there(sources.directory / usual)) return usual;
  }
  return std::nullopt;
}

Tree read_file(const Sources& sources, const std::filesystem::path& file, std::vector<Mistake>& mistakes) {
  const Result<std::string> text = read_text(sources.directory / file);
  if (text) return read_toml(*text, file.string(), mistakes);
  mistakes.push_back({file.string(), "", text.error().message});
  return {};
}

Tree read_local_file(const Sources& sources, const std::filesystem::path& data_dir,
                     std::vector<Mistake>& mistakes) {
  const std::filesystem::path file = (data_dir / kLocalFile).lexically_normal();
  if (!is_there(sources.directory / file)) return {};
  Tree tree = read_file(sources, file, mistakes);
  if (tree.find({"data_dir"}))
    mistakes.push_back(
        {tree.origin({"data_dir"}).where, "data_dir", "must not be set here: it says where this file is"});
  return tree;
}

}  // namespace stoa::core::config
