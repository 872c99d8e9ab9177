#include "workspace.hpp"

namespace stoa::core::config {
namespace {

using ConfigMistakes = ConfigTest;

TEST_F(ConfigMistakes, Syntax) {
  EXPECT_EQ(mistakes_in("[http]\nport = \n"),
            Lines({"stoa.toml:2:8: Error while parsing key-value pair: expected value, saw '\\n'"}));
  EXPECT_EQ(mistakes_in("[http]\nport = 1\nport = 2\n").size(), 1u);
  EXPECT_EQ(mistakes_in("a = \"\xFF\"\n").size(), 1u);
}

TEST_F(ConfigMistakes, UnknownKeys) {
  EXPECT_EQ(mistakes_in("[http]\nprot = 1\n"),
            Lines({"stoa.toml:2: http.prot: unknown key; did you mean http.port?"}));
  EXPECT_EQ(mistakes_in("[htpp]\nport = 1\n"), Lines({"stoa.toml:1: htpp: unknown key; did you mean http?"}));
  EXPECT_EQ(mistakes_in("port = 1\n"), Lines({"stoa.toml:1: port: unknown key; did you mean http.port?"}));
  EXPECT_EQ(
      mistakes_in("[storage]\nwal = true\n"),
      Lines(
          {"stoa.toml:2: storage.wal: unknown key; in storage there are backend, path, slow_statement_ms"}));
  EXPECT_EQ(
      mistakes_in("magic = 1\n"),
      Lines({"stoa.toml:1: magic: unknown key; allowed here are data_dir, forum, http, storage, plugins, "
             "plugin, limits, metrics, log, cache"}));
  EXPECT_EQ(mistakes_in("[log]\n'le vel' = 1\n"),
            Lines({"stoa.toml:2: log.\"le vel\": unknown key; did you mean log.level?"}));
}

TEST_F(ConfigMistakes, Types) {
  EXPECT_EQ(mistakes_in("[http]\nport = \"8080\"\n"),
            Lines({"stoa.toml:2: http.port: must be an integer from 0 to 65535, not a string"}));
  EXPECT_EQ(mistakes_in("[http]\nport = 8080.0\n"),
            Lines({"stoa.toml:2: http.port: must be an integer from 0 to 65535, not a float"}));
  EXPECT_EQ(mistakes_in("forum.private = 1\n"),
            Lines({"stoa.toml:1: forum.private: must be true or false, not an integer"}));
  EXPECT_EQ(mistakes_in("forum.name = true\n"),
            Lines({"stoa.toml:1: forum.name: must be a string of 1 to 64 characters, not a boolean"}));
  EXPECT_EQ(mistakes_in("http = []\n"), Lines({"stoa.toml:1: http: must be a table, not a list"}));
  EXPECT_EQ(mistakes_in("[http.port]\na = 1\n"),
            Lines({"stoa.toml:1: http.port: must be an integer from 0 to 65535, not a table"}));
  EXPECT_EQ(mistakes_in("[plugins]\nenabled = \"auth\"\n"),
            Lines({"stoa.toml:2: plugins.enabled: must be a list of at most 200 strings, not a string"}));
  EXPECT_EQ(mistakes_in("[plugins]\nenabled = [\n  \"auth\",\n  7,\n]\n"),
            Lines({"stoa.toml:4: plugins.enabled[1]: must be a plugin id (2 to 32 of a-z, 0-9 and _, a "
                   "letter first), "
                   "not an integer"}));
  EXPECT_EQ(mistakes_in("plugin.auth = 1\n"),
            Lines({"stoa.toml:1: plugin.auth: must be a table, not an integer"}));
  EXPECT_EQ(mistakes_in("plugin = 1\n"), Lines({"stoa.toml:1: plugin: must be a table, not an integer"}));
  EXPECT_EQ(
      mistakes_in("[forum]\nname = 2020-01-01\n"),
      Lines(
          {"stoa.toml:2: forum.name: dates and times are not used here; put it in quotes if it is meant as a "
           "text"}));
  EXPECT_EQ(mistakes_in("cache.max_mb = inf\n"),
            Lines({"stoa.toml:1: cache.max_mb: must be a finite number"}));
}

TEST_F(ConfigMistakes, Bounds) {
  EXPECT_EQ(mistakes_in("[http]\nport = 99999\n"),
            Lines({"stoa.toml:2: http.port: must be an integer from 0 to 65535, not 99999"}));
  EXPECT_EQ(mistakes_in("[http]\nport = -1\n"),
            Lines({"stoa.toml:2: http.port: must be an integer from 0 to 65535, not -1"}));
  EXPECT_EQ(mistakes_in("[forum]\nname = \"\"\n"),
            Lines({"stoa.toml:2: forum.name: must be a string of 1 to 64 characters, not empty"}));
  EXPECT_EQ(mistakes_in("[forum]\nname = \"" + std::string(65, 'n') + "\"\n"),
            Lines({"stoa.toml:2: forum.name: must be a string of 1 to 64 characters, not one of 65"}));
  EXPECT_EQ(mistakes_in("[log]\nlevel = \"trace\"\n"),
            Lines({"stoa.toml:2: log.level: must be one of \"debug\", \"info\", \"warning\", \"error\", not "
                   "\"trace\""}));
  EXPECT_EQ(mistakes_in("[storage]\nbackend = \"mysql\"\n"),
            Lines({"stoa.toml:2: storage.backend: must be \"sqlite\", not \"mysql\""}));
  EXPECT_EQ(mistakes_in("[forum]\nname = \"a\\u0000b\"\n"),
            Lines({"stoa.toml:2: forum.name: must not contain a NUL character"}));
  EXPECT_EQ(mistakes_in("[plugins]\nenabled = [\"" + std::string(8193, 'a') + "\"]\n"),
            Lines({"stoa.toml:2: plugins.enabled[0]: must be at most 8192 bytes long"}));
  EXPECT_EQ(mistakes_in("[plugins]\nenabled = [\"" + std::string(8192, 'a') + "\"]\n"),
            Lines({"stoa.toml:2: plugins.enabled[0]: must be a plugin id (2 to 32 of a-z, 0-9 and _, a "
                   "letter first), "
                   "not a string that long"}));
  EXPECT_EQ(mistakes_in(std::string(201, 'k') + " = 1\n"),
            Lines({"stoa.toml:1: a key must be at most 200 bytes long"}));
}

TEST_F(ConfigMistakes, Plugins) {
  EXPECT_EQ(mistakes_in("[plugins]\nenabled = [\"auth\", \"posts\", \"auth\"]\n"),
            Lines({"stoa.toml:2: plugins.enabled[2]: names \"auth\" a second time"}));
  EXPECT_EQ(mistakes_in("[plugins]\nenabled = [\"Auth\"]\n"),
            Lines({"stoa.toml:2: plugins.enabled[0]: must be a plugin id (2 to 32 of a-z, 0-9 and _, a "
                   "letter first), "
                   "not \"Auth\""}));
  EXPECT_EQ(
      mistakes_in("[plugin.x-y]\n"),
      Lines({"stoa.toml:1: plugin.x-y: must be a plugin id (2 to 32 of a-z, 0-9 and _, a letter first), not "
             "\"x-y\""}));
  given_file("[plugins]\nenabled = []\n[plugin.polls]\nany = 1\n");
  EXPECT_EQ(load()->plugin_sections(), Lines({"polls"}));
}

TEST_F(ConfigMistakes, Hosts) {
  for (const char* host : {"0.0.0.0", "::1", "localhost", "forum.example.org", "2001:db8::1"}) {
    given_file(std::string("http.host = '") + host + "'");
    EXPECT_EQ(load()->settings().http.host, host);
  }
  EXPECT_EQ(mistakes_in("http.host = '300.1.1.1'"),
            Lines({"stoa.toml:1: http.host: must be an address such as 127.0.0.1 or ::, or a host name, not "
                   "\"300.1.1.1\""}));
  for (const char* host : {"*", "[::1]", "a b", "-a", "a..b", "http://a", "localhost:80", "1"})
    EXPECT_EQ(mistakes_in(std::string("http.host = '") + host + "'").size(), 1u) << host;
}

TEST_F(ConfigMistakes, PublicUrls) {
  for (const char* url : {"http://localhost", "https://forum.example.org", "HTTPS://a.b:8443",
                          "http://[::1]:8080", "http://192.0.2.1:1", "http://[2001:db8::1]"}) {
    given_file(std::string("http.public_url = '") + url + "/'");
    EXPECT_EQ(load()->settings().http.public_url, url);
  }
  EXPECT_EQ(
      mistakes_in("http.public_url = 'https://a.org/forum'"),
      Lines({"stoa.toml:1: http.public_url: must be http://host or https://host, with a port if need be and "
             "without a path, not \"https://a.org/forum\""}));
  for (const char* url :
       {"a.org", "ftp://a.org", "http://", "http:///", "http://a.org//", "http://a:0", "http://a:65536",
        "http://a:", "http://a:8x", "http://u@a", "http://a?b", "http://a#b", "http://::1", "http://[a]",
        "http://[::1", "http://[::1]x", " http://a", "http://a:+1"})
    EXPECT_EQ(mistakes_in(std::string("http.public_url = '") + url + "'").size(), 1u) << url;
}

TEST_F(ConfigMistakes, Proxies) {
  EXPECT_EQ(
      mistakes_in("[http]\ntrusted_proxies = [\n'127.0.0.1',\n'10.0.0.0/33',\n'proxy',\n]\n"),
      Lines({"stoa.toml:4: http.trusted_proxies[1]: must be an address or a network such as 10.0.0.0/8, not "
             "\"10.0.0.0/33\"",
             "stoa.toml:5: http.trusted_proxies[2]: must be an address or a network such as 10.0.0.0/8, not "
             "\"proxy\""}));
  for (const char* proxy : {"10.0.0.0/", "10.0.0.0/-1", "::/129", "/8", "10.0.0/8", "10.0.0.0/8/8"})
    EXPECT_EQ(mistakes_in(std::string("http.trusted_proxies = ['") + proxy + "']").size(), 1u) << proxy;
  given_file("http.trusted_proxies = ['10.0.0.0/0', '::/128', '::1']");
  EXPECT_EQ(load()->settings().http.trusted_proxies.size(), 3u);
}

TEST_F(ConfigMistakes, AllAtOnceInTheOrderOfTheFile) {
  sources.environment["STOA__CACHE__MAX_MB"] = "much";
  sources.overrides = {{"log.level", "loud"}};
  write("data/stoa.local.toml", "[limits]\nenabled = 'no'\n");
  EXPECT_EQ(
      mistakes_in("[http]\nport = 70000\nhots = 'a'\npublic_url = 'x'\n\n\n\n\n\n[forum]\nname = 1\n"),
      Lines(
          {"command line: log.level: must be one of \"debug\", \"info\", \"warning\", \"error\", not "
           "\"loud\"",
           "data/stoa.local.toml:2: limits.enabled: must be true or false, not a string",
           "environment STOA__CACHE__MAX_MB: cache.max_mb: must be an integer from 0 to 65536, not \"much\"",
           "stoa.toml:2: http.port: must be an integer from 0 to 65535, not 70000",
           "stoa.toml:3: http.hots: unknown key; did you mean http.host?",
           "stoa.toml:4: http.public_url: must be http://host or https://host, with a port if need be and "
           "without a path, not \"x\"",
           "stoa.toml:11: forum.name: must be a string of 1 to 64 characters, not an integer"}));
}

}  // namespace
}  // namespace stoa::core::config
