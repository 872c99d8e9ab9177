// Values of header fields and of addresses, as strangers send them.
// Input: four lines: a field's value, another one, a number as decimal digits, an address.
#include <algorithm>
#include <charconv>
#include <string>

#include "config/network.hpp"
#include "host/origin.hpp"
#include "http/coding.hpp"
#include "http/conditional.hpp"
#include "http/range.hpp"
#include "http/utf8.hpp"
#include "input.hpp"

namespace {

using namespace stoa::core;
using stoa::fuzz::expect;
using stoa::fuzz::Input;

std::size_t number(std::string_view digits) {
  std::size_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

void check_range(std::string_view header, std::size_t length) {
  const auto range = http::range_of(header, length);
  switch (range.kind) {
    case http::Range::Kind::whole: break;
    case http::Range::Kind::part:
      expect(range.size > 0 && range.first < length && range.size <= length - range.first,
             "a part lies within the body");
      break;
    case http::Range::Kind::unsatisfiable:
      expect(header.find_first_of("0123456789") != std::string_view::npos,
             "what is unsatisfiable names a place");
      break;
  }
  // The range that names a part is that part.
  if (range.kind == http::Range::Kind::part) {
    const auto again = http::range_of(
        "bytes=" + std::to_string(range.first) + "-" + std::to_string(range.first + range.size - 1), length);
    expect(again.kind == range.kind && again.first == range.first && again.size == range.size,
           "a part written out is the same part");
  }
}

void check_tags(std::string_view header, std::string_view opaque) {
  std::string etag = "\"";
  for (const char c : opaque) {
    if (c != '"') etag += c;
  }
  etag += '"';
  if (http::none_match(header, etag))
    expect(header == "*" || header.find(etag) != std::string_view::npos, "what matches is named");
  // Behind a well-formed list the tag is found, weak or not.
  expect(http::none_match("\"a,b\", W/" + etag, etag), "a listed tag matches");
  expect(!http::range_counts("W/" + etag, etag), "a weak tag allows no range");
}

bool names(std::string_view list, std::string_view coding) {
  return std::search(list.begin(), list.end(), coding.begin(), coding.end(),
                     [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }) != list.end();
}

void check_coding(std::string_view header) {
  for (const bool brotli : {false, true}) {
    for (const bool gzip : {false, true}) {
      const auto coding = http::wanted_coding(header, brotli, gzip);
      expect(coding != http::Coding::brotli || brotli, "brotli is there");
      expect(coding != http::Coding::gzip || gzip, "gzip is there");
      expect(coding == http::Coding::identity || names(header, http::name_of(coding)) || names(header, "*"),
             "a coding that is taken was offered");
    }
  }
  expect(http::wanted_coding("br;q=0, gzip;q=0, " + std::string(header)) == http::Coding::identity,
         "a refused coding is not taken");
}

bool is_loopback(std::string_view address) {
  return address.substr(0, 4) == "127." || address == "::1";
}

void check_forwarding(std::string_view forwarded_for, std::string_view peer) {
  const host::TrustedProxies proxies({"127.0.0.0/8", "::1", "10.1.0.0/20", "2001:db8::/33"});
  const std::string stranger = "192.0.2.1";
  expect(proxies.client(stranger, forwarded_for) == stranger, "a stranger's word does not count");
  const std::string client = proxies.client("127.0.0.1", forwarded_for);
  expect(config::is_address(client), "a client is an address");
  expect(client == "127.0.0.1" || forwarded_for.find(client) != std::string_view::npos,
         "and one that was named");
  expect(proxies.client("127.0.0.1", std::string(forwarded_for) + ", 198.51.100.7") == "198.51.100.7",
         "the nearest stranger is the client");
  if (is_loopback(client) && config::is_address(peer) && !peer.empty())
    expect(config::is_address(proxies.client(std::string(peer), forwarded_for)), "whoever the peer is");
}

void check_origin(std::string_view origin, std::string_view site) {
  http::RequestHead head;
  head.fields = {{"Origin", origin}, {"Host", site}};
  const auto found = host::origin_of(head, "https://forum.example");
  expect((found == host::Origin::none) == origin.empty(), "no origin is no origin");
  if (found != host::Origin::own) return;
  std::string lower(origin);
  std::string host(site);
  for (std::string* text : {&lower, &host}) {
    for (char& c : *text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  expect(lower == "https://forum.example" || lower == "http://" + host || lower == "https://" + host,
         "an origin of its own is the forum's");
}

void check_addresses(std::string_view text) {
  constexpr std::string_view kAddress = "0123456789abcdefABCDEF.:";
  if (config::is_address(text)) {
    expect(config::is_network(text), "an address is a network");
    expect(text.find_first_not_of(kAddress) == std::string_view::npos,
           "an address has an address's characters");
  }
  if (config::is_network(text))
    expect(text.find_first_not_of("0123456789abcdefABCDEF.:/") == std::string_view::npos,
           "a network has a network's characters");
  if (config::is_host_name(text))
    expect(!text.empty() && text.size() <= 253 && config::is_public_url("http://" + std::string(text)),
           "a host name makes a URL");
  if (config::is_public_url(text))
    expect(text.find_first_of(" \"'<>\\?#@\r\n\t") == std::string_view::npos && http::is_utf8(text),
           "a forum's URL is plain");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const auto value = input.line();
  const auto other = input.line();
  const auto length = number(input.line());
  const auto address = input.line();
  check_range(value, length);
  check_range("bytes=" + std::string(value), length);
  check_tags(value, other);
  check_coding(value);
  check_forwarding(value, address);
  check_origin(value, other);
  check_addresses(address);
  return 0;
}
