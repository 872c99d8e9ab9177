#include "workspace.hpp"

namespace stoa::core::config {
namespace {

using ConfigLoad = ConfigTest;

TEST_F(ConfigLoad, NothingGivenIsTheDefaults) {
  const Settings settings = load()->settings();
  EXPECT_EQ(settings.forum.name, "Stoa");
  EXPECT_EQ(settings.forum.description, "");
  EXPECT_FALSE(settings.forum.is_private);
  EXPECT_EQ(settings.http.host, "127.0.0.1");
  EXPECT_EQ(settings.http.port, 8080);
  EXPECT_EQ(settings.http.public_url, "");
  EXPECT_TRUE(settings.http.trusted_proxies.empty());
  EXPECT_EQ(settings.http.io_threads, 0);
  EXPECT_EQ(settings.http.workers, 0);
  EXPECT_EQ(settings.data_dir, sources.directory / "data");
  EXPECT_EQ(settings.storage.backend, "sqlite");
  EXPECT_EQ(settings.storage.slow_statement_ms, 250);
  EXPECT_EQ(settings.storage.path, sources.directory / "data/stoa.db");
  EXPECT_EQ(settings.plugins.enabled, Lines({"auth", "posts", "chat", "notification"}));
  EXPECT_EQ(settings.plugins.dir, "");
  EXPECT_FALSE(settings.plugins.continue_on_failure);
  EXPECT_TRUE(settings.limits.enabled);
  EXPECT_EQ(settings.log.level, "info");
  EXPECT_EQ(settings.cache.max_bytes, 64 * 1024 * 1024);
}

TEST_F(ConfigLoad, EveryKeyOfAFile) {
  given_file(R"(
data_dir = "/var/lib/stoa/"
[forum]
name = "Ἀγορά"
description = "Talk"
private = true
[http]
host = "::"
port = 0
public_url = "https://forum.example.org/"
trusted_proxies = ["127.0.0.1", "2001:db8::/32"]
io_threads = 2
workers = 16
[storage]
backend = "sqlite"
path = "../elsewhere/forum.db"
[plugins]
enabled = ["auth"]
dir = "plugins/"
on_failure = "continue"
[limits]
enabled = false
[log]
level = "debug"
[cache]
max_mb = 0
)");
  const auto config = load();
  const Settings& settings = config->settings();
  EXPECT_EQ(config->file(), sources.directory / "stoa.toml");
  EXPECT_EQ(settings.forum.name, "Ἀγορά");
  EXPECT_EQ(settings.forum.description, "Talk");
  EXPECT_TRUE(settings.forum.is_private);
  EXPECT_EQ(settings.http.host, "::");
  EXPECT_EQ(settings.http.port, 0);
  EXPECT_EQ(settings.http.public_url, "https://forum.example.org");
  EXPECT_EQ(settings.http.trusted_proxies, Lines({"127.0.0.1", "2001:db8::/32"}));
  EXPECT_EQ(settings.http.io_threads, 2);
  EXPECT_EQ(settings.http.workers, 16);
  EXPECT_EQ(settings.data_dir, "/var/lib/stoa");
  EXPECT_EQ(settings.storage.path, sources.directory.parent_path() / "elsewhere/forum.db");
  EXPECT_EQ(settings.plugins.enabled, Lines({"auth"}));
  EXPECT_EQ(settings.plugins.dir, sources.directory / "plugins");
  EXPECT_TRUE(settings.plugins.continue_on_failure);
  EXPECT_FALSE(settings.limits.enabled);
  EXPECT_EQ(settings.log.level, "debug");
  EXPECT_EQ(settings.cache.max_bytes, 0);
}

TEST_F(ConfigLoad, FilesAreFoundInTheirOrder) {
  sources.environment.erase("STOA_CONFIG");
  write("config/stoa.toml", "forum.name = 'second'");
  EXPECT_EQ(load()->settings().forum.name, "second");
  EXPECT_EQ(load()->file(), sources.directory / "config/stoa.toml");
  write("stoa.toml", "forum.name = 'first'");
  EXPECT_EQ(load()->settings().forum.name, "first");
  write("named.toml", "forum.name = 'named'");
  sources.environment["STOA_CONFIG"] = "named.toml";
  EXPECT_EQ(load()->settings().forum.name, "named");
  write("option.toml", "forum.name = 'option'");
  sources.file = sources.directory / "option.toml";
  EXPECT_EQ(load()->settings().forum.name, "option");
}

TEST_F(ConfigLoad, EachLayerBeatsTheOneBelow) {
  const auto name = [&] { return load()->settings().forum.name; };
  given_file("[forum]\nname = 'file'\ndescription = 'kept'\n");
  EXPECT_EQ(name(), "file");
  write("data/stoa.local.toml", "[forum]\nname = 'local'\n");
  EXPECT_EQ(name(), "local");
  sources.environment["STOA__FORUM__NAME"] = "environment";
  EXPECT_EQ(name(), "environment");
  sources.overrides = {{"forum.name", "option"}};
  EXPECT_EQ(name(), "option");
  sources.overrides.emplace_back("forum.name", "last option");
  EXPECT_EQ(name(), "last option");
  EXPECT_EQ(load()->settings().forum.description, "kept");
}

TEST_F(ConfigLoad, TheLocalFileIsInTheDataDirectoryThatCounts) {
  given_file("data_dir = 'a'");
  write("a/stoa.local.toml", "forum.name = 'a'");
  write("b/stoa.local.toml", "forum.name = 'b'");
  write("c/stoa.local.toml", "forum.name = 'c'");
  EXPECT_EQ(load()->settings().forum.name, "a");
  sources.environment["STOA__DATA_DIR"] = "b";
  EXPECT_EQ(load()->settings().forum.name, "b");
  sources.overrides = {{"data_dir", (sources.directory / "c").string()}};
  EXPECT_EQ(load()->settings().forum.name, "c");
}

TEST_F(ConfigLoad, ListsReplaceEachOther) {
  given_file("plugins.enabled = ['auth', 'posts', 'chat']");
  write("data/stoa.local.toml", "plugins.enabled = ['auth']");
  EXPECT_EQ(load()->settings().plugins.enabled, Lines({"auth"}));
}

TEST_F(ConfigLoad, AnOverriddenValueIsNotChecked) {
  given_file("http.port = 'none'");
  sources.environment["STOA__HTTP__PORT"] = "9000";
  EXPECT_EQ(load()->settings().http.port, 9000);
}

TEST_F(ConfigLoad, FileProblems) {
  const std::string directory = sources.directory.string();
  sources.file = "none.toml";
  EXPECT_EQ(mistakes(), Lines({"none.toml: cannot be read: No such file or directory"}));
  sources.file = sources.directory;
  EXPECT_EQ(mistakes(), Lines({directory + ": cannot be read: Is a directory"}));
  sources.file.reset();
  sources.environment["STOA_CONFIG"] = "/nowhere/stoa.toml";
  EXPECT_EQ(mistakes(), Lines({"/nowhere/stoa.toml: cannot be read: No such file or directory"}));
  EXPECT_EQ(mistakes_in("[[\nx = 1\n").size(), 1u);
  EXPECT_EQ(mistakes_in(std::string((1u << 20) + 1, '\n')),
            Lines({"stoa.toml: cannot be read: it is larger than 1 MiB"}));
  sources.environment["STOA_CONFIG"] = "/dev/null";
  sources.file.reset();
  std::filesystem::create_directories(sources.directory / "data/stoa.local.toml");
  EXPECT_EQ(mistakes(), Lines({"data/stoa.local.toml: cannot be read: Is a directory"}));
}

TEST_F(ConfigLoad, AnUnreadableFile) {
  // A link to itself, which not even root can read.
  std::filesystem::create_symlink("stoa.toml", sources.directory / "stoa.toml");
  sources.environment.erase("STOA_CONFIG");
  EXPECT_EQ(mistakes(), Lines({"stoa.toml: cannot be read: Too many levels of symbolic links"}));
}

TEST_F(ConfigLoad, TheLocalFileCannotMoveItself) {
  write("data/stoa.local.toml", "\ndata_dir = 'b'\n");
  EXPECT_EQ(mistakes(),
            Lines({"data/stoa.local.toml:2: data_dir: must not be set here: it says where this file is"}));
}

TEST_F(ConfigLoad, ProcessSources) {
  ASSERT_EQ(setenv("STOA__FORUM__NAME", "a=b", 1), 0);
  const Sources found = Config::process_sources();
  unsetenv("STOA__FORUM__NAME");
  EXPECT_EQ(found.environment.at("STOA__FORUM__NAME"), "a=b");
  EXPECT_FALSE(found.environment.contains("PATH"));
  EXPECT_EQ(found.directory, std::filesystem::current_path());
  EXPECT_FALSE(found.file);
}

}  // namespace
}  // namespace stoa::core::config
