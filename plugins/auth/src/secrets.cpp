#include "secrets.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "stoa/list.hpp"

namespace stoa::auth {

namespace {

constexpr std::size_t kSidBytes = 16;
constexpr std::size_t kSecretBytes = 32;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string blake2b(std::string_view text, std::string_view key = {}) {
  std::string out(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), bytes(text), text.size(),
                     key.empty() ? nullptr : bytes(key), key.size());
  return out;
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

Error broken(const std::string& what) {
  return Error{ErrorCode::unavailable, what};
}

// nullopt in the Result: there is no such file.
Result<std::optional<std::string>> read_key(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.fd < 0 && errno == ENOENT) return std::optional<std::string>();
  struct stat facts {};
  if (file.fd < 0 || ::fstat(file.fd, &facts) != 0) return broken("The key " + path + " cannot be read.");
  if (!S_ISREG(facts.st_mode) || facts.st_size != static_cast<off_t>(kKeyBytes))
    return broken("The key " + path + " is not a file of 32 bytes.");
  if ((facts.st_mode & 077) != 0 && ::fchmod(file.fd, 0600) != 0)
    return broken("The key " + path + " can be read by others.");
  std::string key(kKeyBytes, '\0');
  if (::read(file.fd, key.data(), key.size()) != static_cast<ssize_t>(key.size()))
    return broken("The key " + path + " cannot be read.");
  return std::optional<std::string>(std::move(key));
}

bool write_all(const std::string& path, std::string_view content) {
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  return file.fd >= 0 &&
         ::write(file.fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
         ::fsync(file.fd) == 0;
}

}  // namespace

void start_crypto() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
}

std::string hexadecimal(std::string_view text) {
  std::string out(text.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes(text), text.size());
  out.pop_back();
  return out;
}

std::string token_hash(std::string_view token) {
  return hexadecimal(blake2b(token));
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<std::string> load_or_create_key(const std::filesystem::path& directory, const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error || ::chmod(directory.c_str(), 0700) != 0)
    return broken("The directory " + directory.string() + " cannot be made.");
  const std::string path = (directory / name).string();
  auto key = read_key(path);
  if (!key) return key.error();
  if (*key) return **key;

  std::string fresh(kKeyBytes, '\0');
  randombytes_buf(fresh.data(), fresh.size());
  const std::string draft = path + "." + hexadecimal(fresh.substr(0, 4)) + ".new";
  // A link, unlike a rename, leaves a key alone that somebody else made meanwhile.
  const bool made = write_all(draft, fresh) && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  ::unlink(draft.c_str());
  if (!made) return broken("The key " + path + " cannot be written.");
  const Descriptor folder{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.fd < 0 || ::fsync(folder.fd) != 0) return broken("The key " + path + " cannot be written.");
  key = read_key(path);
  if (!key) return key.error();
  if (!*key) return broken("The key " + path + " vanished.");
  return **key;
}

RefreshToken make_refresh_token(std::string_view sid, std::string_view random) {
  std::string raw(kSidBytes, '\0');
  sodium_hex2bin(reinterpret_cast<unsigned char*>(raw.data()), raw.size(), sid.data(), sid.size(), nullptr,
                 nullptr, nullptr);
  return {std::string(sid), detail::base64url(raw + std::string(random))};
}

RefreshToken successor_of(const RefreshToken& token, std::string_view key) {
  return make_refresh_token(token.sid, blake2b(token.text, key));
}

Result<RefreshToken> read_refresh_token(std::string_view text) {
  const Error refused{ErrorCode::unauthenticated, "The refresh token is not valid."};
  if (text.size() != (kSidBytes + kSecretBytes) * 4 / 3) return refused;
  const auto raw = detail::from_base64url(text);
  if (!raw || raw->size() != kSidBytes + kSecretBytes) return refused;
  return RefreshToken{hexadecimal(raw->substr(0, kSidBytes)), std::string(text)};
}

}  // namespace stoa::auth
