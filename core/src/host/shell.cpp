#include "host/shell.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include "http/writer.hpp"
#include "security/digest.hpp"
#include "stoa/html.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

namespace {

constexpr std::array kMarkers{"<!--stoa:title-->", "<!--stoa:head-->", "<!--stoa:app-->", "<!--stoa:data-->"};

// JSON that may stand inside a script element.
void append_script_safe(std::string& out, std::string_view json) {
  for (auto tag = json.find('<'); tag != std::string_view::npos; tag = json.find('<')) {
    out.append(json.substr(0, tag)).append("\\u003c");
    json.remove_prefix(tag + 1);
  }
  out.append(json);
}

// The content of the inline import map, whose digest the policy names.
std::string_view import_map(std::string_view page) {
  const auto tag = page.find("type=\"importmap\"");
  if (tag == std::string_view::npos) return {};
  const auto begin = page.find('>', tag);
  const auto end = page.find("</script>", tag);
  if (begin == std::string_view::npos || end == std::string_view::npos) return {};
  return page.substr(begin + 1, end - begin - 1);
}

}  // namespace

Result<Shell> Shell::load(const std::filesystem::path& index_html, ShellFacts facts) {
  const auto wrong = [&](const std::string& why) {
    return Error{ErrorCode::validation, index_html.string() + ": " + why};
  };
  std::ifstream stream(index_html, std::ios::binary);
  if (!stream) return wrong("the browser application is missing; was it built?");
  const std::string page((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  Shell shell;
  shell.facts_ = std::move(facts);
  std::size_t at = 0;
  for (const char* marker : kMarkers) {
    const auto found = page.find(marker, at);
    if (found == std::string::npos)
      return wrong(std::string("the marker ") + marker + " is missing or out of order");
    shell.parts_.push_back(page.substr(at, found - at));
    at = found + std::string_view(marker).size();
  }
  shell.parts_.push_back(page.substr(at));
  std::string scripts = "'self'";
  if (const auto map = import_map(page); !map.empty())
    scripts += " 'sha256-" + security::sha256_base64(map) + "'";
  shell.fields_ = {
      {"Content-Type", "text/html; charset=utf-8"},
      {"Content-Security-Policy",
       "default-src 'none'; script-src " + scripts +
           "; style-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; "
           "manifest-src 'self'; "
           "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
           "trusted-types stoa dompurify"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "strict-origin-when-cross-origin"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Vary", "Accept-Encoding"}};
  shell.head_ = http::header_block(shell.fields_);
  return shell;
}

std::string Shell::fill(const ShellPage& page, std::string_view plugins) const {
  const std::string title = page.title.empty() || page.title == facts_.forum_name
                                ? facts_.forum_name
                                : page.title + " · " + facts_.forum_name;
  const std::string description = page.description.empty() ? facts_.forum_description : page.description;

  std::string head;
  if (!page.canonical.empty()) {
    const std::string url = html_escaped(facts_.base_url + page.canonical);
    head +=
        "<link rel=\"canonical\" href=\"" + url + "\">\n<meta property=\"og:url\" content=\"" + url + "\">\n";
  }
  if (!description.empty()) {
    head += "<meta name=\"description\" content=\"" + html_escaped(description) + "\">\n";
    head += "<meta property=\"og:description\" content=\"" + html_escaped(description) + "\">\n";
  }
  head += "<meta property=\"og:title\" content=\"" +
          html_escaped(page.title.empty() ? facts_.forum_name : page.title) + "\">\n";
  head += "<meta property=\"og:site_name\" content=\"" + html_escaped(facts_.forum_name) + "\">\n";
  head += "<meta property=\"og:type\" content=\"website\">";
  if (page.status == 404 || facts_.is_private) head += "\n<meta name=\"robots\" content=\"noindex\">";

  Json data;
  data.begin_object().key("forum").begin_object();
  data.field("name", facts_.forum_name).field("description", facts_.forum_description);
  data.field("private", facts_.is_private).field("base_url", facts_.base_url).end_object();
  data.raw_field("plugins", plugins).key("page");
  if (page.name.empty()) {
    data.value(nullptr);
  } else {
    data.begin_object()
        .field("plugin", page.plugin)
        .field("name", page.name)
        .field("seq", page.seq)
        .key("payload");
    if (page.payload.empty()) {
      data.value(nullptr);
    } else {
      data.raw(page.payload);
    }
    data.end_object();
  }
  data.field("seq", page.seq).end_object();

  const std::string json = data.take();
  const std::string title_text = html_escaped(title);
  std::string out;
  out.reserve(8192 + page.html.size() + json.size() + json.size() / 4);
  out.append(parts_[0]).append(title_text).append(parts_[1]).append(head).append(parts_[2]);
  out.append(page.html).append(parts_[3]);
  append_script_safe(out, json);
  return out.append(parts_[4]);
}

}  // namespace stoa::core::host
