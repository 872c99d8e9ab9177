#include "workspace.hpp"

namespace stoa::core::config {
namespace {

class ConfigEnvironment : public ConfigTest {
 protected:
  Lines mistakes_of(const std::string& variable, const std::string& text) {
    sources.environment[variable] = text;
    const Lines found = mistakes();
    sources.environment.erase(variable);
    return found;
  }
};

TEST_F(ConfigEnvironment, ValuesOfEachType) {
  sources.environment["STOA__HTTP__PORT"] = "9000";
  sources.environment["STOA__FORUM__NAME"] = " 7 ";
  sources.environment["STOA__FORUM__PRIVATE"] = "On";
  sources.environment["STOA__LIMITS__ENABLED"] = "0";
  sources.environment["STOA__PLUGINS__ENABLED"] = "auth, posts";
  sources.environment["STOA__DATA_DIR"] = "/var/lib/stoa";
  const Settings settings = load()->settings();
  EXPECT_EQ(settings.http.port, 9000);
  EXPECT_EQ(settings.forum.name, " 7 ");
  EXPECT_TRUE(settings.forum.is_private);
  EXPECT_FALSE(settings.limits.enabled);
  EXPECT_EQ(settings.plugins.enabled, Lines({"auth", "posts"}));
  EXPECT_EQ(settings.data_dir, "/var/lib/stoa");
}

TEST_F(ConfigEnvironment, AnEmptyTextIsAnEmptyList) {
  sources.environment["STOA__PLUGINS__ENABLED"] = "";
  EXPECT_TRUE(load()->settings().plugins.enabled.empty());
}

TEST_F(ConfigEnvironment, OnlyTwoUnderscoresAreKeys) {
  sources.environment["STOA_CORPORA"] = "/x";
  sources.environment["STOA_HTTP_PORT"] = "1";
  sources.environment["PATH"] = "/bin";
  EXPECT_EQ(load()->settings().http.port, 8080);
}

TEST_F(ConfigEnvironment, TextsThatAreNoValue) {
  for (const char* text : {"", "80a", " 80", "80 ", "0x50", "+80", "8.0", "99999999999999999999"}) {
    EXPECT_EQ(mistakes_of("STOA__HTTP__PORT", text),
              Lines({"environment STOA__HTTP__PORT: http.port: must be an integer from 0 to 65535, not \"" +
                     std::string(text) + "\""}));
  }
  EXPECT_EQ(
      mistakes_of("STOA__HTTP__PORT", "70000"),
      Lines({"environment STOA__HTTP__PORT: http.port: must be an integer from 0 to 65535, not 70000"}));
  EXPECT_EQ(mistakes_of("STOA__LIMITS__ENABLED", "yes"),
            Lines({"environment STOA__LIMITS__ENABLED: limits.enabled: must be true or false, not \"yes\""}));
  EXPECT_EQ(
      mistakes_of("STOA__PLUGINS__ENABLED", "auth,,posts"),
      Lines(
          {"environment STOA__PLUGINS__ENABLED: plugins.enabled[1]: must be a plugin id (2 to 32 of a-z, 0-9 "
           "and _, a letter first), not \"\""}));
}

TEST_F(ConfigEnvironment, UnknownVariables) {
  EXPECT_EQ(
      mistakes_of("STOA__HTTP__PROT", "1"),
      Lines({"environment STOA__HTTP__PROT: http.prot: unknown variable; did you mean STOA__HTTP__PORT?"}));
  EXPECT_EQ(
      mistakes_of("STOA__http__port", "1"),
      Lines({"environment STOA__http__port: http.port: unknown variable; did you mean STOA__HTTP__PORT?"}));
  EXPECT_EQ(mistakes_of("STOA__PORT", "1"),
            Lines({"environment STOA__PORT: port: unknown variable; did you mean STOA__HTTP__PORT?"}));
  EXPECT_EQ(mistakes_of("STOA__HTTP__PROT__FILE", "/x"),
            Lines({"environment STOA__HTTP__PROT__FILE: http.prot: unknown variable; did you mean "
                   "STOA__HTTP__PORT?"}));
  EXPECT_EQ(
      mistakes_of("STOA__QUITE__ANOTHER__THING", "1"),
      Lines({"environment STOA__QUITE__ANOTHER__THING: quite.another.thing: unknown variable; \"stoa config "
             "print\" lists the keys"}));
  EXPECT_EQ(mistakes_of("STOA__", "1").size(), 1u);
  EXPECT_EQ(mistakes_of("STOA__HTTP__PORT__", "1").size(), 1u);
  EXPECT_EQ(mistakes_of("STOA__HTTP____PORT", "1").size(), 1u);
  EXPECT_EQ(mistakes_of("STOA__FILE", "1").size(), 1u);
}

TEST_F(ConfigEnvironment, Sections) {
  EXPECT_EQ(mistakes_of("STOA__HTTP", "1"),
            Lines({"environment STOA__HTTP: http: is a section, not a value; set its keys one by one"}));
  EXPECT_EQ(mistakes_of("STOA__PLUGIN__AUTH", "1"),
            Lines({"environment STOA__PLUGIN__AUTH: plugin: is a section, not a value; a plugin's setting is "
                   "STOA__PLUGIN__<ID>__<KEY>"}));
  EXPECT_EQ(mistakes_of("STOA__PLUGIN__7UP__KEY", "1"),
            Lines({"environment STOA__PLUGIN__7UP__KEY: plugin.7up: must be a plugin id (2 to 32 of a-z, 0-9 "
                   "and _, a "
                   "letter first), not \"7up\""}));
}

TEST_F(ConfigEnvironment, FilesOfSecrets) {
  write("name", "Quiet\n");
  sources.environment["STOA__FORUM__NAME__FILE"] = "name";
  EXPECT_EQ(load()->settings().forum.name, "Quiet");
  write("name", "Two\nLines\r\n");
  EXPECT_EQ(load()->settings().forum.name, "Two\nLines");
  sources.environment["STOA__FORUM__NAME"] = "Loud";
  EXPECT_EQ(mistakes(),
            Lines({"environment STOA__FORUM__NAME__FILE: STOA__FORUM__NAME is set too; only one of them "
                   "may be"}));
  sources.environment.erase("STOA__FORUM__NAME");
  sources.environment["STOA__FORUM__NAME__FILE"] = "none";
  EXPECT_EQ(mistakes(),
            Lines({"environment STOA__FORUM__NAME__FILE: none cannot be read: No such file or directory"}));
  sources.environment["STOA__FORUM__NAME__FILE"] = "";
  EXPECT_EQ(mistakes(), Lines({"environment STOA__FORUM__NAME__FILE: must name a file"}));
  write("name", std::string("a\0b", 3));
  sources.environment["STOA__FORUM__NAME__FILE"] = "name";
  EXPECT_EQ(mistakes(),
            Lines({"environment STOA__FORUM__NAME__FILE: forum.name: must not contain a NUL character"}));
}

TEST_F(ConfigEnvironment, AWrongSecretIsNotRepeated) {
  write("port", "hunter2\n");
  EXPECT_EQ(
      mistakes_of("STOA__HTTP__PORT__FILE", "port"),
      Lines({"environment STOA__HTTP__PORT__FILE: http.port: must be an integer from 0 to 65535, not this"}));
  EXPECT_EQ(
      mistakes_of("STOA__LOG__LEVEL__FILE", "port"),
      Lines(
          {"environment STOA__LOG__LEVEL__FILE: log.level: must be one of \"debug\", \"info\", \"warning\", "
           "\"error\", not this"}));
}

TEST_F(ConfigEnvironment, Options) {
  sources.overrides = {{"http.port", "9001"}, {"plugins.enabled", "auth"}};
  EXPECT_EQ(load()->settings().http.port, 9001);
  sources.overrides = {{"http.prot", "9001"}, {"http", "1"},         {"plugin.auth", "1"}, {"", "1"},
                       {"HTTP.PORT", "1"},    {"quite.another", "1"}};
  EXPECT_EQ(mistakes(),
            Lines({"command line: plugin: is a section, not a value; a plugin's setting is "
                   "plugin.<id>.<key>",
                   "command line: http.prot: unknown key; did you mean http.port?",
                   "command line: http: is a section, not a value; set its keys one by one",
                   "command line: \"\": unknown key; allowed here are data_dir, forum, http, storage, "
                   "plugins, plugin, limits, metrics, log, cache",
                   "command line: HTTP.PORT: unknown key; did you mean http.port?",
                   "command line: quite.another: unknown key; allowed here are data_dir, forum, http, "
                   "storage, plugins, plugin, limits, metrics, log, cache"}));
}

}  // namespace
}  // namespace stoa::core::config
