#include "workspace.hpp"

namespace stoa::core::config {
namespace {

constexpr std::string_view kSchema = R"({
  "type": "object",
  "properties": {
    "access_minutes": {"type": "integer", "minimum": 1, "maximum": 60, "default": 15},
    "ratio": {"type": "number", "exclusiveMinimum": 0, "default": 0.5},
    "required_fields": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "default": ["email"]},
    "mail": {
      "type": "object",
      "properties": {
        "server": {"type": "string", "default": "localhost"},
        "password": {"type": "string", "minLength": 4, "writeOnly": true},
        "retry-after": {"type": "integer", "default": 5},
        "note": {"type": ["string", "integer"]}
      }
    },
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    "limits": {"$ref": "#/definitions/limits"},
    "code": {"type": "string", "pattern": "^[A-Z]+$"}
  },
  "definitions": {"limits": {"type": "object", "properties": {"daily": {"type": "integer", "minimum": 1}}}}
})";

class ConfigPlugin : public ConfigTest {
 protected:
  std::string settings(std::string_view schema = kSchema) const {
    std::vector<Mistake> found;
    const std::string json = load()->plugin_settings("auth", schema, found);
    EXPECT_EQ(lines(found), Lines());
    return json;
  }
  Lines wrong(std::string_view schema = kSchema) const {
    std::vector<Mistake> found;
    load()->plugin_settings("auth", schema, found);
    return lines(found);
  }
  Lines wrong_in(const std::string& text, std::string_view schema = kSchema) {
    given_file(text);
    return wrong(schema);
  }
};

TEST_F(ConfigPlugin, DefaultsAreFilledIn) {
  EXPECT_EQ(settings(), R"({"access_minutes":15,"ratio":0.5,"required_fields":["email"],)"
                        R"("mail":{"server":"localhost","retry-after":5}})");
  given_file("[plugin.auth]\naccess_minutes = 5\n[plugin.auth.mail]\nserver = 'mx'\n[plugin.posts]\nx = 1\n");
  EXPECT_EQ(settings(), R"({"access_minutes":5,"mail":{"server":"mx","retry-after":5},"ratio":0.5,)"
                        R"("required_fields":["email"]})");
}

TEST_F(ConfigPlugin, EveryLayer) {
  constexpr std::string_view schema = R"({"properties": {"a": {"type": "integer"}, "b": {"type": "integer"},
    "c": {"type": "integer"}, "d": {"type": "integer"}}})";
  given_file("[plugin.auth]\na = 1\nb = 1\nc = 1\nd = 1\n");
  write("data/stoa.local.toml", "[plugin.auth]\nb = 2\nc = 2\nd = 2\n");
  sources.environment["STOA__PLUGIN__AUTH__C"] = "3";
  sources.environment["STOA__PLUGIN__AUTH__D"] = "3";
  sources.overrides = {{"plugin.auth.d", "4"}};
  EXPECT_EQ(settings(schema), R"({"a":1,"b":2,"c":3,"d":4})");
}

TEST_F(ConfigPlugin, TextsBecomeWhatTheSchemaSays) {
  write("secret", "hunter2\n");
  sources.environment["STOA__PLUGIN__AUTH__ACCESS_MINUTES"] = "7";
  sources.environment["STOA__PLUGIN__AUTH__RATIO"] = "1e-1";
  sources.environment["STOA__PLUGIN__AUTH__REQUIRED_FIELDS"] = "age,gender";
  sources.environment["STOA__PLUGIN__AUTH__MAIL__PASSWORD__FILE"] = "secret";
  sources.environment["STOA__PLUGIN__AUTH__MAIL__RETRY_AFTER"] = "9";
  sources.environment["STOA__PLUGIN__AUTH__MAIL__NOTE"] = "x";
  sources.environment["STOA__PLUGIN__AUTH__LABELS__TOP"] = "1";
  sources.overrides = {{"plugin.auth.limits.daily", "3"}};
  EXPECT_EQ(
      settings(),
      R"({"access_minutes":7,"labels":{"top":"1"},"mail":{"note":"x","password":"hunter2","retry-after":9,)"
      R"("server":"localhost"},"ratio":0.1,"required_fields":["age","gender"],"limits":{"daily":3}})");
  EXPECT_EQ(load()->plugin_sections(), Lines({"auth"}));
}

TEST_F(ConfigPlugin, MistakesNameTheirPlace) {
  EXPECT_EQ(
      wrong_in("[plugin.auth]\naccess_minutes = 0\nratio = 0\nacess_minutes = 1\n"
               "required_fields = ['a', 'a']\ncode = 'abc'\nlimits.daily = 0\n"
               "[plugin.auth.mail]\nsever = 'x'\nnote = true\n"
               "labels = 1\n"),
      Lines(
          {"stoa.toml:2: plugin.auth.access_minutes: must be an integer from 1 to 60, not 0",
           "stoa.toml:3: plugin.auth.ratio: must be a number above 0, not 0",
           "stoa.toml:4: plugin.auth.acess_minutes: unknown key; did you mean plugin.auth.access_minutes?",
           "stoa.toml:5: plugin.auth.required_fields: must be a list of strings without repetition, not one "
           "with \"a\" twice",
           "stoa.toml:6: plugin.auth.code: must be a string that matches ^[A-Z]+$, not \"abc\"",
           "stoa.toml:7: plugin.auth.limits.daily: must be an integer of at least 1, not 0",
           "stoa.toml:9: plugin.auth.mail.sever: unknown key; did you mean plugin.auth.mail.server?",
           "stoa.toml:10: plugin.auth.mail.note: must be a string or an integer, not a boolean",
           "stoa.toml:11: plugin.auth.mail.labels: unknown key; in plugin.auth.mail there are server, "
           "password, "
           "retry-after, note"}));
}

TEST_F(ConfigPlugin, VariablesOfUnknownKeys) {
  sources.environment["STOA__PLUGIN__AUTH__ACCES_MINUTES"] = "7";
  sources.environment["STOA__PLUGIN__AUTH__RATIO"] = "inf";
  sources.environment["STOA__PLUGIN__AUTH__MAIL"] = "x";
  EXPECT_EQ(
      wrong(),
      Lines({"environment STOA__PLUGIN__AUTH__ACCES_MINUTES: plugin.auth.acces_minutes: unknown "
             "variable; did you mean STOA__PLUGIN__AUTH__ACCESS_MINUTES?",
             "environment STOA__PLUGIN__AUTH__MAIL: plugin.auth.mail: is a section, not a value; set its "
             "keys one by one",
             "environment STOA__PLUGIN__AUTH__RATIO: plugin.auth.ratio: must be a number above 0, not "
             "\"inf\""}));
}

TEST_F(ConfigPlugin, SecretsAreNotRepeated) {
  EXPECT_EQ(wrong_in("[plugin.auth.mail]\npassword = \"abc\"\n"),
            Lines({"stoa.toml:2: plugin.auth.mail.password: must be a string of at least 4 characters, not "
                   "one of 3"}));
  constexpr std::string_view schema =
      R"({"properties": {"pin": {"type": "string", "pattern": "^[0-9]+$", "writeOnly": true}}})";
  EXPECT_EQ(wrong_in("plugin.auth.pin = 'abc'", schema),
            Lines({"stoa.toml:1: plugin.auth.pin: must be a string that matches ^[0-9]+$, not this"}));
}

TEST_F(ConfigPlugin, WithoutASchemaThereAreNoSettings) {
  for (const std::string_view schema : {"", " \n", "{}"}) {
    EXPECT_EQ(wrong_in("[plugin.auth]\nx = 1\n", schema),
              Lines({"stoa.toml:2: plugin.auth.x: unknown key; plugin.auth takes no settings"}));
  }
  given_file("[plugin.auth]\n");
  EXPECT_EQ(settings(""), "{}");
  sources.overrides = {{"plugin.auth.x", "1"}};
  EXPECT_EQ(wrong(""), Lines({"command line: plugin.auth.x: unknown key; plugin.auth takes no settings"}));
  sources.overrides.clear();
  sources.environment["STOA__PLUGIN__AUTH__X"] = "1";
  EXPECT_EQ(wrong(""), Lines({"environment STOA__PLUGIN__AUTH__X: plugin.auth.x: unknown variable; "
                              "plugin.auth takes no settings"}));
}

TEST_F(ConfigPlugin, RequiredKeys) {
  constexpr std::string_view schema = R"({"required": ["url"], "properties": {"url": {"type": "string"}}})";
  EXPECT_EQ(wrong(schema), Lines({"plugin.auth.url: is missing; it must be a string"}));
  EXPECT_EQ(wrong_in("\n[plugin.auth]\n", schema),
            Lines({"stoa.toml:2: plugin.auth.url: is missing; it must be a string"}));
}

TEST_F(ConfigPlugin, RulesWithoutWordsOfTheirOwn) {
  constexpr std::string_view schema = R"({"properties": {"a": {"not": {"type": "string"}},
    "b": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}},
    "patternProperties": {"^x_": {"type": "integer"}}, "additionalProperties": false})";
  const Lines found = wrong_in("[plugin.auth]\na = 'x'\nb = 'x'\nx_1 = 'a'\ny_1 = 1\n", schema);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_TRUE(found[0].starts_with("stoa.toml:2: plugin.auth.a: is not allowed here: ")) << found[0];
  EXPECT_TRUE(found[1].starts_with("stoa.toml:3: plugin.auth.b: is not allowed here: ")) << found[1];
  EXPECT_TRUE(found[2].starts_with("stoa.toml:4: plugin.auth.x_1: ")) << found[2];
  EXPECT_TRUE(found[3].starts_with("stoa.toml:5: plugin.auth.y_1: unknown key; ")) << found[3];
}

TEST_F(ConfigPlugin, BrokenSchemas) {
  EXPECT_EQ(wrong("{"),
            Lines({"plugin.auth: cannot be checked, because its schema is broken: Not valid JSON: Missing a "
                   "name for object member. (byte 1)"}));
  EXPECT_EQ(
      wrong("[]"),
      Lines({"plugin.auth: cannot be checked, because its schema is broken: It is not a JSON object."}));
  for (const std::string_view schema : {R"({"properties": 1})", R"({"properties": {"a": {"type": "text"}}})",
                                        R"({"properties": {"a": {"$ref": "#/nowhere"}}})",
                                        R"({"properties": {"a": {"pattern": "(", "default": "x"}}})"}) {
    const Lines found = wrong(schema);
    ASSERT_EQ(found.size(), 1u) << schema;
    EXPECT_TRUE(found[0].starts_with("plugin.auth: cannot be checked, because its schema is broken: "))
        << found[0];
  }
}

TEST_F(ConfigPlugin, ARuleThatRefersToItself) {
  constexpr std::string_view schema =
      R"({"properties": {"next": {"$ref": "#"}, "x": {"type": "integer", "default": 1}}})";
  EXPECT_EQ(settings(schema), R"({"x":1})");
  given_file("plugin.auth.next.next.x = 2");
  EXPECT_EQ(settings(schema), R"({"next":{"next":{"x":2},"x":1},"x":1})");
  EXPECT_EQ(wrong_in("plugin.auth.next.y = 2", schema).size(), 1u);
  // Here the whole schema is searched for a key that is meant.
  EXPECT_EQ(wrong_in("plugin.auth.next.nothing_alike = 2", schema).size(), 1u);
}

// Each of them once ended the program, or would.
TEST_F(ConfigPlugin, ASchemaThatCannotBeFollowedIsRefused) {
  given_file("plugin.auth.a = 4");
  for (const char* schema : {
           R"({"properties": {"a": {"$ref": "object"}}})",
           R"({"properties": {"a": {"$ref": "#a"}}})",
           R"({"properties": {"a": {"$ref": "http://example.org/schema"}}})",
           R"({"properties": {"a": {"$ref": "#/nowhere"}}})",
           R"({"properties": {"a": {"$ref": "#/properties/a"}}})",
           R"({"$ref": "#"})",
           R"({"properties": {"a": {"type": "integer", "multipleOf": 0}}})",
           R"({"properties": {"a": {"type": "integer", "multipleOf": 0.0}}})",
           R"({"properties": {"a": {"type": "integer", "multipleOf": -2}}})",
       }) {
    EXPECT_EQ(wrong(schema).size(), 1u) << schema;
  }
  // Settings may have such names.
  EXPECT_EQ(wrong(R"({"properties": {"a": {}, "$ref": {"type": "string"}, "multipleOf": {"default": 0}}})"),
            Lines());
}

TEST_F(ConfigPlugin, Print) {
  write("secret", "hunter2");
  given_file("[plugin.auth]\naccess_minutes = 5\n[plugin.polls]\nx = 1\n");
  sources.environment["STOA__PLUGIN__AUTH__MAIL__SERVER__FILE"] = "secret";
  sources.overrides = {{"plugin.auth.mail.password", "hunter3"}};
  const std::string all = load()->print(true, {{"auth", std::string(kSchema)}, {"chat", ""}});
  EXPECT_EQ(all.substr(all.find("plugin.auth")),
            "plugin.auth.access_minutes = 5  # stoa.toml:2\n"
            "plugin.auth.ratio = 0.5  # default\n"
            "plugin.auth.required_fields = [\"email\"]  # default\n"
            "plugin.auth.mail.server = \"…\"  # environment STOA__PLUGIN__AUTH__MAIL__SERVER__FILE\n"
            "plugin.auth.mail.password = \"…\"  # command line\n"
            "plugin.auth.mail.retry-after = 5  # default\n"
            "plugin.polls.x = \"…\"  # stoa.toml:4\n");
  const std::string unknown = load()->print(false);
  EXPECT_EQ(unknown.substr(unknown.find("plugin.auth")),
            "plugin.auth.access_minutes = \"…\"\n"
            "plugin.auth.mail.server = \"…\"\n"
            "plugin.auth.mail.password = \"…\"\n"
            "plugin.polls.x = \"…\"\n");
}

}  // namespace
}  // namespace stoa::core::config
