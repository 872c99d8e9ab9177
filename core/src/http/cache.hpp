// Answers kept as bytes, with tags that a commit drops. One state for everybody: nothing personal is ever in
// here.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/representation.hpp"

namespace stoa::core::http {

// An answer with status 200.
struct CachedAnswer {
  std::string owner;      // plugin
  Fields fields;          // without ETag, Content-Encoding and Stoa-Seq
  bool with_seq = false;  // Stoa-Seq is the log's head when it is served
  bool is_worth_encoding = false;
  // By Coding: identity is always there, the others once somebody asked for them.
  std::array<Representation, kCodings> representations;

  // In that coding, or plain where there is none.
  const Representation& in(Coding coding) const;
};
using CachedAnswerPtr = std::shared_ptr<const CachedAnswer>;

// [any-thread] Bounded by bytes; the least recently used goes first. 0 bytes: keeps nothing.
class Cache {
 public:
  explicit Cache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Taken before the snapshot that an answer is made from is opened.
  std::uint64_t stamp() const { return clock_.load(std::memory_order_acquire); }
  CachedAnswerPtr find(std::string_view key);
  // Refused (false) when one of the tags was dropped since `stamp`, or the answer is larger than an eighth of
  // the cache. The same answer once more leaves the one that is kept.
  bool fill(std::string_view key, CachedAnswerPtr answer, std::vector<std::string> tags, std::uint64_t stamp);
  // True once for each answer that is kept and each coding: whoever is told so compresses it, and adds it.
  bool claim(std::string_view key, const CachedAnswer& answer, Coding coding);
  // Nothing happens when the answer is no longer the one that is kept.
  void add(std::string_view key, const CachedAnswer& answer, Coding coding, Representation representation);
  void drop(const std::vector<std::string>& tags);
  void clear();

  struct Stats {
    std::uint64_t hits = 0, misses = 0, entries = 0, bytes = 0;
  };
  Stats stats() const;

 private:
  struct Entry {
    std::string key;
    CachedAnswerPtr answer;
    std::vector<std::string> tags;
    std::size_t bytes = 0;
    unsigned claimed = 0;  // codings, by bits
  };
  using Place = std::list<Entry>::iterator;
  void remove(Place place);
  Place place_of(std::string_view key, const CachedAnswer& answer);

  const std::size_t max_bytes_;
  std::atomic<std::uint64_t> clock_{1};
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string_view, Place> by_key_;
  std::unordered_map<std::string, std::vector<std::string_view>> by_tag_;  // keys
  std::unordered_map<std::string, std::uint64_t> dropped_;                 // tag: clock of its last drop
  std::uint64_t floor_ = 0;  // drops before it were forgotten: older stamps are refused
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0, misses_ = 0;
};

}  // namespace stoa::core::http
