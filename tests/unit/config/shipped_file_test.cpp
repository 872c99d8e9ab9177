#include <iterator>
#include <sstream>

#include "config/nearest.hpp"
#include "config/schema.hpp"
#include "config/tree.hpp"
#include "workspace.hpp"

namespace stoa::core::config {
namespace {

class ConfigShipped : public ConfigTest {
 protected:
  static std::string text() {
    std::ifstream file(STOA_CONFIG_FOLDER "/stoa.toml");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // With the settings that are commented out, "#key = …", switched on.
  static std::string switched_on() {
    std::istringstream lines(text());
    std::string on;
    for (std::string line; std::getline(lines, line);) {
      const bool setting = line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
      on += (setting ? line.substr(1) : line) + "\n";
    }
    return on;
  }
};

TEST_F(ConfigShipped, LoadsAndChangesNothing) {
  const std::string defaults = load()->print(true);
  sources.file = STOA_CONFIG_FOLDER "/stoa.toml";
  EXPECT_EQ(load()->print(true), defaults);
}

TEST_F(ConfigShipped, ShowsEveryKeyWithItsDefault) {
  const std::string defaults = load()->print(false);
  given_file(switched_on());
  const auto config = load();
  EXPECT_EQ(config->print(false), defaults);
  EXPECT_EQ(config->print(true).find("# default"), std::string::npos);
}

TEST_F(ConfigShipped, EveryKeyOfTheSchemaIsDescribed) {
  const Schema& schema = Schema::of_the_file();
  EXPECT_EQ(schema.keys().size(), 22u);
  for (const KeyPath& key : schema.keys()) {
    const rapidjson::Value* rule = schema.at(key);
    ASSERT_TRUE(rule) << dotted(key);
    EXPECT_TRUE(rule->HasMember("description")) << dotted(key);
    EXPECT_TRUE(rule->HasMember("type")) << dotted(key);
    EXPECT_TRUE(rule->HasMember("default")) << dotted(key);
  }
}

TEST_F(ConfigShipped, TheSchemaInTheProgramIsTheFile) {
  std::ifstream file(STOA_CONFIG_FOLDER "/stoa.schema.json");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), file_schema_text());
}

TEST_F(ConfigShipped, PrintNamesOrigins) {
  given_file("[http]\nport = 9000\ntrusted_proxies = ['::1']\n[forum]\nname = \"A \\\"b\\\"\\n\"\n");
  sources.environment["STOA__FORUM__PRIVATE"] = "1";
  sources.overrides = {{"log.level", "debug"}};
  const std::string lines = load()->print(true);
  for (const char* line : {"data_dir = \"./data\"  # default\n", "http.port = 9000  # stoa.toml:2\n",
                           "http.trusted_proxies = [\"::1\"]  # stoa.toml:3\n",
                           "forum.name = \"A \\\"b\\\"\\n\"  # stoa.toml:5\n",
                           "forum.private = true  # environment STOA__FORUM__PRIVATE\n",
                           "log.level = \"debug\"  # command line\n"})
    EXPECT_NE(lines.find(line), std::string::npos) << line << lines;
  // What is printed can be read again.
  const std::string printed = load()->print(false);
  sources.environment.erase("STOA__FORUM__PRIVATE");
  sources.overrides.clear();
  given_file(printed);
  EXPECT_EQ(load()->print(false), printed);
}

TEST(ConfigNearest, OneSlipForThreeLetters) {
  const std::vector<std::string> words{"host", "port", "public_url", "workers"};
  EXPECT_EQ(nearest("prot", words), "port");
  EXPECT_EQ(nearest("HOST", words), "host");
  EXPECT_EQ(nearest("publicurl", words), "public_url");
  EXPECT_EQ(nearest("worker", words), "workers");
  EXPECT_EQ(nearest("threads", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(100000, 'x'), words), std::nullopt);
}

}  // namespace
}  // namespace stoa::core::config
