#include "http/reader.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

namespace stoa::core::http {

namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlank = "\r\n\r\n";
constexpr std::size_t kShortestChunkEnd = 5;  // "0\r\n\r\n"
constexpr std::size_t kAroundTarget =
    16;  // of a request line: the longest method, the version and two spaces

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

std::optional<Method> known_method(wire::verb verb) {
  switch (verb) {
    case wire::verb::get: return Method::get;
    case wire::verb::head: return Method::head;
    case wire::verb::post: return Method::post;
    case wire::verb::put: return Method::put;
    case wire::verb::patch: return Method::patch;
    case wire::verb::delete_: return Method::del;
    case wire::verb::options: return Method::options;
    default: return std::nullopt;
  }
}

bool is_host(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_decimal(c) ||
           std::string_view("-._~!$&'()*+;=%:[]").find(c) != std::string_view::npos;
  });
}

// Of "http://" or "https://" at the start; 0 without one.
std::size_t scheme_size(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
  return 0;
}

template <class Each>
void for_each_token(std::string_view list, Each each) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto token = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto first = token.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    each(token.substr(first, token.find_last_not_of(" \t") - first + 1));
  }
}

// "HTTP/2.0" is a version nobody here speaks, "HTTP/1.1x" is none at all.
int refusal_of_version(std::string_view line) {
  const auto version = line.substr(std::min(line.rfind(' ') + 1, line.size()));
  const bool well_formed = std::count(line.begin(), line.end(), ' ') == 2 && version.size() == 8 &&
                           version.starts_with("HTTP/") && is_decimal(version[5]) && version[6] == '.' &&
                           is_decimal(version[7]);
  return well_formed ? 505 : 400;
}

// Of a chunk's first line that Beast wants more of. It lets a quoted extension run on into the next line, and
// counts the chunk twice when shown it again.
bool may_complete(std::string_view rest) {
  const auto line = rest.substr(rest.starts_with(kLineEnd) ? kLineEnd.size() : 0);
  if (line.find(kLineEnd) == std::string_view::npos) return true;
  const bool last = line.find_first_of("123456789abcdefABCDEF") > line.find_first_not_of('0');
  return last && line.find(kBlank) == std::string_view::npos;
}

}  // namespace

// Checks what Beast does not, and notes what the head says.
class Reader::Parser : public wire::basic_parser<true> {
 public:
  Parser(RequestHead& head, const Limits& limits) : head_(&head), target_limit_(limits.target) {
    body_limit(boost::none);
    header_limit(static_cast<std::uint32_t>(limits.header + limits.target + kBlank.size()));
  }
  Parser(Parser&&) = default;

  // 0, or the status to refuse with.
  int parse(std::string_view text) {
    beast::error_code error;
    const auto used = put({text.data(), text.size()}, error);
    if (error == wire::error::bad_version) return refusal_of_version(text.substr(0, text.find(kLineEnd)));
    if (error) return refusal_ != 0 ? refusal_ : 400;
    return used == text.size() && is_header_done() ? 0 : 400;
  }

  // The same for a request line (with its CRLF) alone.
  int parse_line(std::string_view line) {
    beast::error_code error;
    put({line.data(), line.size()}, error);
    if (error == wire::error::bad_version) return refusal_of_version(line.substr(0, line.size() - 2));
    return error && error != wire::error::need_more ? (refusal_ != 0 ? refusal_ : 400) : 0;
  }

  bool expects_continue() const { return expects_continue_; }

  void collect(std::string& body) { body_ = &body; }

 private:
  void refuse(int status, beast::error_code& error) {
    refusal_ = status;
    error = wire::error::bad_value;
  }

  void on_request_impl(wire::verb verb, beast::string_view, beast::string_view target, int version,
                       beast::error_code& error) override {
    const auto method = known_method(verb);
    if (!method) return refuse(501, error);
    if (target.size() > target_limit_) return refuse(414, error);
    head_->method = *method;
    head_->minor_version = version - 10;
    if (!take_target(view(target))) return refuse(400, error);
    const auto mark = head_->target.find('?');
    head_->path = head_->target.substr(0, mark);
    head_->query = mark == std::string_view::npos ? std::string_view() : head_->target.substr(mark + 1);
  }

  // False unless it is one of the forms of RFC 9112, 3.2 that are for an origin server.
  bool take_target(std::string_view target) {
    if (target.find('#') != std::string_view::npos) return false;
    if (target.front() != '/' && target != "*") {
      const std::size_t scheme = scheme_size(target);
      const auto path = std::min(target.find_first_of("/?", scheme), target.size());
      authority_ = target.substr(scheme, path - scheme);
      if (scheme == 0 || authority_.empty()) return false;
      target = path == target.size() ? "/" : target.substr(path);
    }
    head_->target = target;
    return target.front() == '/' || (target == "*" && head_->method == Method::options);
  }

  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}

  void on_field_impl(wire::field name, beast::string_view raw_name, beast::string_view raw_value,
                     beast::error_code& error) override {
    if (body_) return;  // a trailer
    const auto value = view(raw_value);
    if (is_folded(view(raw_name), value)) return refuse(400, error);
    head_->fields.emplace_back(view(raw_name), value);
    switch (name) {
      case wire::field::host:
        if (++hosts_ > 1 || !is_host(value)) refuse(400, error);
        host_ = value;
        break;
      case wire::field::content_length: {
        // Beast accepts lists and repetitions of one value, and keeps the number to itself.
        if (head_->content_length || !std::all_of(value.begin(), value.end(), is_decimal))
          return refuse(400, error);
        std::uint64_t length = 0;
        for (const char digit : value) length = length * 10 + static_cast<std::uint64_t>(digit - '0');
        head_->content_length = length;
        break;
      }
      case wire::field::transfer_encoding:
        if (head_->chunked || !equal_ignoring_case(value, "chunked")) return refuse(400, error);
        head_->chunked = true;
        break;
      case wire::field::connection:
        for_each_token(value, [this](std::string_view token) {
          close_ |= equal_ignoring_case(token, "close");
          persist_ |= equal_ignoring_case(token, "keep-alive");
          upgrade_ |= equal_ignoring_case(token, "upgrade");
        });
        break;
      case wire::field::upgrade:
        for_each_token(
            value, [this](std::string_view token) { websocket_ |= equal_ignoring_case(token, "websocket"); });
        break;
      case wire::field::expect:
        if (head_->minor_version == 0) break;  // RFC 9110, 10.1.1: to be ignored
        if (!equal_ignoring_case(value, "100-continue")) return refuse(417, error);
        expects_continue_ = true;
        break;
      default: break;
    }
  }

  // Beast joins folded lines in a buffer of its own, or steps over the empty ones.
  bool is_folded(std::string_view name, std::string_view value) const {
    const char* const begin = head_->block.data();
    if (value.data() < begin || value.data() > begin + head_->block.size()) return true;
    return std::find(name.data() + name.size(), value.data(), '\r') != value.data();
  }

  void on_header_impl(beast::error_code& error) override {
    if (head_->minor_version == 1 && hosts_ == 0) return refuse(400, error);
    // Two hosts in one request: whoever stands before this server may have gone by the other one.
    if (!authority_.empty() && hosts_ > 0 && !equal_ignoring_case(authority_, host_))
      return refuse(400, error);
    if (head_->chunked && (head_->content_length || head_->minor_version == 0)) return refuse(400, error);
    head_->keep_alive = !close_ && (head_->minor_version == 1 || persist_);
    head_->websocket = websocket_ && upgrade_ && head_->method == Method::get && head_->minor_version == 1 &&
                       !head_->chunked && head_->content_length.value_or(0) == 0;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view text, beast::error_code&) override { return text.size(); }

  void on_chunk_header_impl(std::uint64_t, beast::string_view extensions, beast::error_code& error) override {
    if (std::any_of(extensions.begin(), extensions.end(), [](char c) { return is_control(c) && c != '\t'; }))
      refuse(400, error);
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view text, beast::error_code&) override {
    body_->append(text.data(), text.size());
    return text.size();
  }

  void on_finish_impl(beast::error_code&) override {}

  RequestHead* head_;
  std::string* body_ = nullptr;
  std::size_t target_limit_;
  std::string_view authority_, host_;  // of an absolute target, and of the field
  int refusal_ = 0;
  int hosts_ = 0;
  bool close_ = false, persist_ = false, upgrade_ = false, websocket_ = false, expects_continue_ = false;
};

Reader::Reader(Limits limits) : limits_(limits) {}
Reader::Reader(Reader&&) noexcept = default;
Reader::~Reader() = default;

Reader::Progress Reader::read_head(std::string_view input, RequestHead& head) {
  if (scanned_ == 0 && !blank_line_skipped_) {
    if (input == "\r") return {};
    if (input.starts_with(kLineEnd)) {
      blank_line_skipped_ = true;
      return {.consumed = 2};
    }
  }
  const auto blank = input.find(kBlank, scanned_ > 3 ? scanned_ - 3 : 0);
  const auto size = blank == std::string_view::npos ? input.size() : blank + kBlank.size();
  if (size > limits_.header)
    return {.refusal = input.find(kLineEnd) > limits_.target + kAroundTarget ? 414 : 431};
  if (blank == std::string_view::npos) {
    const int refusal = refusal_so_far(input);
    scanned_ = static_cast<std::uint32_t>(input.size());
    return {.refusal = refusal};
  }

  head.clear();
  head.block.assign(input.data(), size);
  Parser parser(head, limits_);
  if (const int refusal = parser.parse(head.block)) return {.refusal = refusal};

  scanned_ = 0;
  blank_line_skipped_ = line_checked_ = false;
  chunked_ = head.chunked;
  remaining_ = head.content_length.value_or(0);
  expects_continue_ = parser.expects_continue() && has_body();
  if (chunked_) chunks_ = std::make_unique<Parser>(std::move(parser));
  return {.consumed = size, .complete = true};
}

// Whether an incomplete head is beyond hope already, so that its sender need not run into the time limit.
int Reader::refusal_so_far(std::string_view input) {
  for (std::size_t i = scanned_; i < input.size(); ++i) {
    const char c = input[i];
    if (c == '\n' ? i == 0 || input[i - 1] != '\r' : i > 0 && input[i - 1] == '\r') return 400;
    if (is_control(c) && c != '\t' && c != '\r' && c != '\n') return 400;
  }
  if (line_checked_) return 0;
  const auto end = input.find(kLineEnd);
  if (end == std::string_view::npos) {
    return input.size() > limits_.target + kAroundTarget ? 414 : 0;
  }
  line_checked_ = true;
  RequestHead scratch;
  return Parser(scratch, limits_).parse_line(input.substr(0, end + 2));
}

void Reader::begin_body(std::uint64_t limit) {
  if (chunked_) chunks_->body_limit(limit);
}

Reader::Progress Reader::read_body(std::string_view input, std::string& body) {
  if (chunked_) return read_chunks(input, body);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
  body.append(input.data(), size);
  remaining_ -= size;
  return {.consumed = size, .complete = remaining_ == 0};
}

Reader::Progress Reader::read_chunks(std::string_view input, std::string& body) {
  chunks_->collect(body);
  std::size_t consumed = 0;
  // Beast asserts that a last chunk was not shown to it in smaller pieces; nothing valid is shorter.
  while (input.size() - consumed >= kShortestChunkEnd) {
    const auto rest = input.substr(consumed);
    beast::error_code error;
    const auto before = body.size();
    const auto step = chunks_->put({rest.data(), rest.size()}, error);
    consumed += step;
    // Of a line that came whole, as of one that is still on its way below.
    if (body.size() == before && step > limits_.header) return {.consumed = consumed, .refusal = 400};
    if (error == wire::error::need_more) {
      const auto line = input.substr(consumed);
      if (line.size() > limits_.header || !may_complete(line)) return {.consumed = consumed, .refusal = 400};
      break;
    }
    if (error) return {.consumed = consumed, .refusal = error == wire::error::body_limit ? 413 : 400};
    if (chunks_->is_done()) {
      chunks_.reset();
      chunked_ = false;
      return {.consumed = consumed, .complete = true};
    }
  }
  return {.consumed = consumed};
}

}  // namespace stoa::core::http
