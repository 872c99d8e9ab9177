// What a request's method and target mean: decoding, dot segments, lengths, HEAD and OPTIONS.
#include <gmock/gmock.h>

#include "edge_fixture.hpp"

namespace stoa::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Target : public EdgeServer {
 protected:
  static Reply ask(const std::string& bytes, bool head = false) {
    auto connection = connect();
    connection.write(bytes + probe());
    Reply reply = connection.read_reply(head);
    EXPECT_EQ(connection.read_reply().status, 204) << bytes.substr(0, 100);
    return reply;
  }
};

TEST_F(Target, IsDecodedOnceAndAfterRouting) {
  struct Row {
    const char* name;
    std::string target;
    int status;
  };
  const std::vector<Row> rows = {
      {"as it is", "/api/v1/users/ann", 200},
      {"3986 2.3 an escaped letter is the letter", "/api/v1/users/%61nn", 200},
      {"3986 2.3 in a fixed segment too", "/api/v1/%75sers/ann", 200},
      {"3986 2.1 small and large digits", "/api/v1/users/%61%6e%6E", 200},
      {"3986 2.4 never twice", "/api/v1/users/%2561nn", 404},
      {"3986 2.2 an escaped slash is no slash", "/api/v1/users%2fann", 404},
      {"3986 2.2 nor within a segment", "/api/v1/users/x%2f..%2fann", 404},
      {"3986 2.2 an escaped question mark is none", "/api/v1/users/ann%3fx=1", 404},
      {"a plus in a path is a plus", "/api/v1/users/ann+", 404},
      {"3986 2.1 half an escape", "/api/v1/users/ann%6", 404},
      {"3986 2.1 no escape", "/api/v1/users/%zz", 404},
      {"NUL", "/api/v1/users/ann%00", 404},
      {"not UTF-8", "/api/v1/users/%ff", 404},
      {"overlong UTF-8", "/api/v1/users/%c0%ae%c0%ae", 404},
      {"case matters", "/API/v1/users/ann", 404},
      {"a slash more", "/api/v1/users/ann/", 404},
      {"a slash more within", "/api/v1//users/ann", 404},
      {"3986 3.4 the query is not the path", "/api/v1/users/ann?/../x", 200},
      {"3986 3.4 a question mark in the query", "/api/v1/users/ann?a?b", 200},
  };
  for (const auto& [name, target, status] : rows)
    EXPECT_EQ(ask(head_of("GET " + target)).status, status) << name << ' ' << target;
  EXPECT_THAT(ask(head_of("GET /api/v1/users?q=%61n%6e")).body, HasSubstr("\"ann\""));
  EXPECT_THAT(ask(head_of("GET /api/v1/users?q=%2561nn")).body, Not(HasSubstr("\"ann\"")));
}

// RFC 3986, 3.3 and 6.2.2.3: a client resolves dot segments; here they name nothing, and no file outside.
TEST_F(Target, DotSegmentsLeadNowhere) {
  const std::string up = "../../../../../../../../";
  const std::string name = file_.substr(file_.rfind('/'));
  for (const std::string& target : {"/" + up + "etc/passwd",
                                    "/assets/" + up + "etc/passwd",
                                    std::string("/assets/..%2f..%2f..%2fetc/passwd"),
                                    std::string("/assets/%2e%2e/%2e%2e/etc/passwd"),
                                    std::string("/assets/..\\..\\etc\\passwd"),
                                    std::string("/assets/%2e%2e%5cindex.html"),
                                    std::string("/assets/../index.html"),
                                    std::string("//etc/passwd"),
                                    std::string("/assets//etc/passwd"),
                                    std::string("/assets/css/.") + name,
                                    std::string("/assets/js/../css") + name,
                                    std::string("/assets/./css") + name,
                                    file_ + "/",
                                    file_ + "%00",
                                    file_ + "/..",
                                    file_ + ".br",
                                    file_ + ".gz",
                                    std::string("/assets"),
                                    std::string("/assets/"),
                                    std::string("/assets/css/"),
                                    std::string("/plugins/../../stoa.db"),
                                    std::string("/api/v1/x/../users/ann"),
                                    std::string("/api/v1/users/./ann"),
                                    std::string("/api/v1/users/../users/ann"),
                                    std::string("/.."),
                                    std::string("/."),
                                    std::string("/api/v1/..")}) {
    const Reply reply = ask(head_of("GET " + target));
    EXPECT_EQ(reply.status, 404) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr("root:"))) << target;
  }
}

// RFC 9112, 3.
TEST_F(Target, MayBeLong) {
  const auto of = [](std::size_t size, char filling) { return "/" + std::string(size - 1, filling); };
  for (const char filling : {'a', '/', '%', '.', '?', '&'}) {
    EXPECT_EQ(ask(head_of("GET " + of(8 * 1024, filling))).status, filling == '?' ? 200 : 404) << filling;
    for (const std::size_t size : {8 * 1024 + 1, 14'600, 60'000}) {
      auto connection = connect();
      connection.write(head_of("GET " + of(size, filling)));
      EXPECT_EQ(connection.read_reply().status, 414) << filling << ' ' << size;
    }
  }
  std::string query = "/api/v1/posts?limit=1";
  while (query.size() < 8'000) query += "&limit=101";
  EXPECT_EQ(ask(head_of("GET " + query)).status, 200) << "the first value counts";
}

// RFC 9110, 9.3.2 and 8.6.
TEST_F(Target, HeadIsGetWithoutTheBody) {
  for (const std::string& target :
       {std::string("/"), std::string("/api/v1/posts"), std::string("/api/v1/posts?limit=0"),
        std::string("/api/v1/users/ann"), std::string("/api/v1/users/nobody"),
        std::string("/api/v1/users/me"), std::string("/api/v1/openapi.json"), std::string("/healthz"),
        std::string("/nowhere"), file_, file_ + "x"}) {
    for (const char* fields : {"", "Accept-Encoding: br\r\n"}) {
      ask(head_of("GET " + target, fields));  // a first answer may be compressed with less effort
      const Reply get = ask(head_of("GET " + target, fields));
      const Reply head = ask(head_of("HEAD " + target, fields), true);
      EXPECT_EQ(head.status, get.status) << target;
      for (const char* name : {"Content-Length", "Content-Type", "Content-Encoding", "ETag", "Vary", "Allow",
                               "Cache-Control", "Accept-Ranges"})
        EXPECT_EQ(head.header(name), get.header(name)) << target << ' ' << name;
      EXPECT_EQ(get.header("Content-Length"), std::to_string(get.body.size())) << target;
    }
  }
  EXPECT_EQ(ask(head_of("HEAD /api/v1/auth/login"), true).status, 405);
  for (const std::string& bytes :
       {std::string("HEAD / HTTP/1.1\r\n\r\n"), head_of("HEAD /", "A : b\r\n"),
        head_of("HEAD /", "Expect: more\r\n"), head_of("HEAD " + std::string(9'000, '/'))}) {
    auto connection = connect();
    connection.write(bytes);
    EXPECT_GE(connection.read_reply(true).status, 400);
    EXPECT_EQ(connection.read_to_end(), "") << "a refusal has none either: " << bytes.substr(0, 60);
  }
}

// RFC 9110, 9.3.7, 10.2.1 and 15.5.6.
TEST_F(Target, OptionsAndRefusedMethodsNameWhatIsAllowed) {
  struct Row {
    std::string line;
    int status;
    const char* allow;
  };
  const std::vector<Row> rows = {
      {"OPTIONS *", 204, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
      {"OPTIONS /api/v1/posts", 204, "GET, HEAD, POST, OPTIONS"},
      {"OPTIONS /api/v1/auth/login", 204, "POST, OPTIONS"},
      {"OPTIONS /api/v1/realtime", 204, "GET, OPTIONS"},
      {"OPTIONS /", 204, "GET, HEAD, OPTIONS"},
      {"OPTIONS " + file_, 204, "GET, HEAD, OPTIONS"},
      {"OPTIONS /api/v1/nowhere", 404, ""},
      {"OPTIONS /assets/nowhere.css", 404, ""},
      {"DELETE /api/v1/posts", 405, "GET, HEAD, POST"},
      {"POST " + file_, 405, "GET, HEAD"},
      {"PUT /", 405, "GET, HEAD"},
      {"DELETE /assets/nowhere.css", 404, ""},
  };
  for (const auto& [line, status, allow] : rows) {
    const Reply reply = ask(head_of(line));
    EXPECT_EQ(reply.status, status) << line << ' ' << reply;
    EXPECT_EQ(reply.header("Allow"), allow) << line;
    EXPECT_EQ(reply.all("Access-Control-Allow-Origin").size(), 0u) << "there is no CORS";
  }
}

TEST_F(Target, NothingOfItWasAnErrorOfTheServer) {
  EXPECT_THAT(server_->log(), Not(HasSubstr("level=error")));
}

}  // namespace
}  // namespace stoa::harness
