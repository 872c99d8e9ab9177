#include "http/coding.hpp"

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>

#include "http/representation.hpp"

namespace stoa::core::http {
namespace {

std::string ungzipped(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

std::string unbrotlied(const std::string& bytes) {
  std::string out(1 << 20, '\0');
  std::size_t size = out.size();
  EXPECT_EQ(BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                    reinterpret_cast<std::uint8_t*>(out.data())),
            BROTLI_DECODER_RESULT_SUCCESS);
  out.resize(size);
  return out;
}

std::string text() {
  std::string out;
  for (int i = 0; i < 300; ++i) out += "{\"id\":" + std::to_string(i * 7919) + ",\"body\":\"an answer\"},";
  return out;
}

TEST(Codings, GiveBackWhatWentIn) {
  const std::string plain = text();
  for (const Effort effort : {Effort::quick, Effort::thorough, Effort::utmost}) {
    const std::string gzip = encoded(plain, Coding::gzip, effort);
    const std::string brotli = encoded(plain, Coding::brotli, effort);
    EXPECT_LT(gzip.size(), plain.size() / 2);
    EXPECT_LT(brotli.size(), plain.size() / 2);
    EXPECT_EQ(ungzipped(gzip), plain);
    EXPECT_EQ(unbrotlied(brotli), plain);
    EXPECT_EQ(encoded(plain, Coding::gzip, effort), gzip) << "the same bytes every time";
    EXPECT_EQ(encoded(plain, Coding::brotli, effort), brotli);
  }
}

TEST(Codings, AreLeftOutWhereTheyGainNothing) {
  std::mt19937 random(1);
  std::string noise(4096, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  EXPECT_EQ(encoded(noise, Coding::gzip, Effort::thorough), "");
  EXPECT_EQ(encoded(noise, Coding::brotli, Effort::thorough), "");
  EXPECT_TRUE(is_worth_encoding("application/json", 1024));
  EXPECT_TRUE(is_worth_encoding("text/html; charset=utf-8", 5000));
  EXPECT_FALSE(is_worth_encoding("application/json", 1023));
  EXPECT_FALSE(is_worth_encoding("image/png", 5000));
}

TEST(Codings, AreChosenAsTheClientAllows) {
  EXPECT_EQ(wanted_coding(""), Coding::identity);
  EXPECT_EQ(wanted_coding("identity"), Coding::identity);
  EXPECT_EQ(wanted_coding("gzip"), Coding::gzip);
  EXPECT_EQ(wanted_coding("gzip, deflate, br"), Coding::brotli);
  EXPECT_EQ(wanted_coding("br;q=0, gzip;q=0.5"), Coding::gzip);
  EXPECT_EQ(wanted_coding("GZIP;q=0"), Coding::identity);
  EXPECT_EQ(wanted_coding("x-gzip, brotli"), Coding::identity);
}

// RFC 9110, 12.4.2 and 12.5.3.
TEST(Codings, FollowTheWeights) {
  EXPECT_EQ(wanted_coding("br;q=0.1, gzip"), Coding::gzip);
  EXPECT_EQ(wanted_coding("gzip;q=0.8,br;q=0.801"), Coding::brotli);
  EXPECT_EQ(wanted_coding("gzip ; Q=0.5 , identity"), Coding::identity);
  EXPECT_EQ(wanted_coding("gzip;q=0.5, identity;q=0.5"), Coding::gzip);
  EXPECT_EQ(wanted_coding("gzip;q=0.000, br;q=0."), Coding::identity);
  EXPECT_EQ(wanted_coding("gzip;q=0.001"), Coding::gzip);
  EXPECT_EQ(wanted_coding("*"), Coding::brotli);
  EXPECT_EQ(wanted_coding("*;q=0"), Coding::identity);
  EXPECT_EQ(wanted_coding("br;q=0, *;q=0.3"), Coding::gzip);
  EXPECT_EQ(wanted_coding("identity;q=0, *"), Coding::brotli);
  EXPECT_EQ(wanted_coding("identity;q=0"), Coding::identity) << "better than nothing";
  EXPECT_EQ(wanted_coding("gzip;q=0, gzip"), Coding::identity);
  for (const char* weight : {"q=2", "q=1.001", "q=-1", "q=", "q", "q=0.1234", "level=9", "q=0.x"})
    EXPECT_EQ(wanted_coding("gzip;" + std::string(weight)), Coding::identity) << weight;
}

TEST(Codings, AreChosenAmongThoseThereAre) {
  EXPECT_EQ(wanted_coding("br, gzip", false, true), Coding::gzip);
  EXPECT_EQ(wanted_coding("br, gzip;q=0.1", true, false), Coding::brotli);
  EXPECT_EQ(wanted_coding("br, gzip", false, false), Coding::identity);
  EXPECT_EQ(wanted_coding("*", false, false), Coding::identity);
}

TEST(Representations, HaveATagOfTheirOwnAndTheSameFields) {
  const auto plain = std::make_shared<const std::string>(text());
  const Fields fields{{"Content-Type", "application/json"}, {"Vary", "Accept-Encoding"}};
  const auto identity = represent(fields, plain, Coding::identity, Effort::quick);
  const auto gzip = represent(fields, plain, Coding::gzip, Effort::thorough);
  const auto quick = represent(fields, plain, Coding::gzip, Effort::quick);
  const auto brotli = represent(fields, plain, Coding::brotli, Effort::thorough);
  EXPECT_EQ(identity.body, plain) << "shared, not copied";
  EXPECT_NE(identity.etag, gzip.etag);
  EXPECT_NE(brotli.etag, gzip.etag);
  EXPECT_NE(quick.etag, gzip.etag) << "a strong tag stands for its bytes";
  EXPECT_EQ(*gzip.head, "\r\nContent-Type: application/json\r\nVary: Accept-Encoding\r\nETag: " + gzip.etag +
                            "\r\nContent-Encoding: gzip");
  EXPECT_EQ(identity.head->find("Content-Encoding"), std::string::npos);

  const Response fresh = response_of(fields, gzip, identity.etag);
  EXPECT_EQ(fresh.status, 200);
  EXPECT_EQ(fresh.body, gzip.body);
  EXPECT_EQ(fresh.head, gzip.head);
  const Response known = response_of(fields, gzip, identity.etag + ", " + gzip.etag);
  EXPECT_EQ(known.status, 304);
  EXPECT_FALSE(known.body);
  EXPECT_EQ(known.fields.back(), std::pair(std::string("ETag"), gzip.etag));
}

TEST(Representations, AreNoneWithAFieldThatCannotBeSent) {
  const auto plain = std::make_shared<const std::string>(text());
  EXPECT_FALSE(represent({{"X-Bad", "a\r\nb"}}, plain, Coding::identity, Effort::quick).body);
  EXPECT_FALSE(represent({{"X Bad", "a"}}, plain, Coding::gzip, Effort::quick).body);
}

}  // namespace
}  // namespace stoa::core::http
