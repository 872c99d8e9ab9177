#include "http/coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "http/message.hpp"

namespace stoa::core::http {

namespace {

constexpr std::size_t kWorthEncoding = 1024;
constexpr int kBrotliWindow = 18;  // 256 KB: an answer is hardly larger, and the encoder needs less memory

std::string gzipped(std::string_view bytes, Effort effort) {
  const int level = effort == Effort::quick ? 1 : effort == Effort::thorough ? 6 : 9;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? out : std::string();
}

std::string brotlied(std::string_view bytes, Effort effort) {
  const int quality = effort == Effort::quick ? 1 : effort == Effort::thorough ? 5 : 11;
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  const bool done = BrotliEncoderCompress(quality, kBrotliWindow, BROTLI_MODE_TEXT, bytes.size(),
                                          reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                          reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE;
  out.resize(done ? size : 0);
  return out;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// In thousandths. 0, which is a refusal, for what is no weight.
int weight(std::string_view parameter) {
  if (parameter.empty()) return 1000;
  if (parameter.size() < 3 || parameter.size() > 7 || !equal_ignoring_case(parameter.substr(0, 2), "q=") ||
      parameter[2] < '0' || parameter[2] > '1' || (parameter.size() > 3 && parameter[3] != '.'))
    return 0;
  int value = 1000 * (parameter[2] - '0');
  int place = 100;
  for (const char digit : parameter.substr(std::min<std::size_t>(4, parameter.size()))) {
    if (digit < '0' || digit > '9') return 0;
    value += place * (digit - '0');
    place /= 10;
  }
  return value <= 1000 ? value : 0;
}

// What an Accept-Encoding says of the codings there are here; the first word about one counts.
struct Weights {
  std::optional<int> br, gzip, identity;
  int rest = 0;  // "*"

  explicit Weights(std::string_view list) {
    std::optional<int> star;
    while (!list.empty()) {
      const auto comma = std::min(list.find(','), list.size());
      const auto item = list.substr(0, comma);
      list.remove_prefix(std::min(comma + 1, list.size()));
      const auto mark = std::min(item.find(';'), item.size());
      const auto name = trim(item.substr(0, mark));
      auto* const slot = equal_ignoring_case(name, "br")         ? &br
                         : equal_ignoring_case(name, "gzip")     ? &gzip
                         : equal_ignoring_case(name, "identity") ? &identity
                         : name == "*"                           ? &star
                                                                 : nullptr;
      if (slot && !*slot) *slot = weight(trim(item.substr(std::min(mark + 1, item.size()))));
    }
    rest = star.value_or(0);
  }
};

}  // namespace

std::string_view name_of(Coding coding) {
  switch (coding) {
    case Coding::identity: break;
    case Coding::gzip: return "gzip";
    case Coding::brotli: return "br";
  }
  return {};
}

Coding wanted_coding(std::string_view accept_encoding, bool has_brotli, bool has_gzip) {
  if (accept_encoding.empty()) return Coding::identity;
  const Weights weights(accept_encoding);
  const std::pair<Coding, int> all[] = {{Coding::brotli, has_brotli ? weights.br.value_or(weights.rest) : 0},
                                        {Coding::gzip, has_gzip ? weights.gzip.value_or(weights.rest) : 0},
                                        {Coding::identity, weights.identity.value_or(0)}};
  const auto* best = std::max_element(std::begin(all), std::end(all),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->second > 0 ? best->first : Coding::identity;
}

bool is_worth_encoding(std::string_view content_type, std::size_t size) {
  return size >= kWorthEncoding &&
         (content_type.substr(0, 5) == "text/" || content_type.find("json") != std::string_view::npos ||
          content_type == "image/svg+xml");
}

std::string encoded(std::string_view bytes, Coding coding, Effort effort) {
  std::string out;
  switch (coding) {
    case Coding::identity: break;
    case Coding::gzip: out = gzipped(bytes, effort); break;
    case Coding::brotli: out = brotlied(bytes, effort); break;
  }
  if (out.size() >= bytes.size()) out.clear();
  out.shrink_to_fit();
  return out;
}

}  // namespace stoa::core::http
