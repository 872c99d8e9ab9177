#include "http/coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include "http/conditional.hpp"

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

}  // namespace

std::string_view name_of(Coding coding) {
  switch (coding) {
    case Coding::identity: break;
    case Coding::gzip: return "gzip";
    case Coding::brotli: return "br";
  }
  return {};
}

Coding wanted_coding(std::string_view accept_encoding) {
  for (const Coding coding : {Coding::brotli, Coding::gzip}) {
    if (accepts(accept_encoding, name_of(coding))) return coding;
  }
  return Coding::identity;
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
