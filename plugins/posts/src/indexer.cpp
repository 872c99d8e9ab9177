#include "indexer.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "mark_repository.hpp"
#include "markdown/markdown.hpp"
#include "search_repository.hpp"
#include "stored_lists.hpp"

namespace stoa::posts {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 64;  // texts in one transaction: a few milliseconds of the writer
constexpr int kShare = 4;            // after a batch others have the writer for so many times as long
constexpr int kNear = 4;             // batches that are worth waiting for
constexpr std::chrono::milliseconds kPatience{150};  // of a search
constexpr std::chrono::milliseconds kAfterFailure{1'000};
constexpr std::chrono::milliseconds kLongest{5};  // of a transaction, but for its first text
constexpr std::size_t kIndexedText = 32'000;      // characters

Result<void> index_one(SearchRepository& search, Kind kind, const Indexable& what) {
  if (what.deleted) return {};
  return search.insert(kind, what.id, what.title, markdown::plain_text(what.body, kIndexedText),
                       facts_of(what.author, what.category_ids));
}

// Stops between two texts when the transaction has taken long enough.
Result<std::int64_t> index_stale(SearchRepository& search, Clock::time_point end) {
  const auto stale = search.stale(kBatch);
  if (!stale) return stale.error();
  std::int64_t count = 0;
  for (const auto& [kind, id] : *stale) {
    if (auto done = search.remove(kind, id); !done) return done.error();
    const auto what = search.find(kind, id);
    if (!what) return what.error();
    if (*what) {
      if (auto done = index_one(search, kind, **what); !done) return done.error();
    }
    if (auto done = search.unmark({kind, id}); !done) return done.error();
    ++count;
    if (Clock::now() > end) break;
  }
  return count;
}

Result<std::int64_t> index_new(Tx& tx, SearchRepository& search, Kind kind, std::string_view mark,
                               Clock::time_point end) {
  MarkRepository marks(tx);
  const auto reached = marks.get(mark);
  if (!reached) return reached.error();
  const auto fresh = search.beyond(kind, reached->value_or(0), kBatch);
  if (!fresh) return fresh.error();
  std::int64_t count = 0;
  std::int64_t last = 0;
  for (const Indexable& what : *fresh) {
    // It may have been changed and indexed from the list of changes already.
    if (auto done = search.remove(kind, what.id); !done) return done.error();
    if (auto done = index_one(search, kind, what); !done) return done.error();
    ++count;
    last = what.id;
    if (Clock::now() > end) break;
  }
  if (count == 0) return count;
  if (auto done = marks.set(mark, last); !done) return done.error();
  return count;
}

// How many texts were brought up to date; 0: all are.
Result<std::int64_t> index_batch(Tx& tx) {
  SearchRepository search(tx);
  const auto end = Clock::now() + kLongest;
  const auto posts = index_new(tx, search, Kind::post, "indexed_posts", end);
  if (!posts || *posts > 0) return posts;
  const auto comments = index_new(tx, search, Kind::comment, "indexed_comments", end);
  if (!comments || *comments > 0) return comments;
  return index_stale(search, end);
}

// The outcome of one write, met by the thread that asked and the writer.
struct Meeting {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Result<void>> outcome;
  std::int64_t indexed = 0;
};

}  // namespace

void Indexer::start() {
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void Indexer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Indexer::wake() {
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    idle = reached_ == wanted_++;
  }
  if (idle) changed_.notify_all();  // else it looks again by itself: the writer has better things to do
}

void Indexer::settle() {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = wanted_;
  if (reached_ >= target || stopping_ || far_behind_) return;
  ++waiting_;
  changed_.notify_all();
  changed_.wait_for(lock, kPatience, [&] { return reached_ >= target || stopping_; });
  --waiting_;
}

void Indexer::run() {
  for (;;) {
    std::uint64_t target = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || reached_ < wanted_; });
      if (stopping_) return;
      target = wanted_;
    }
    for (int batches = 0; !index_some(); ++batches) {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      far_behind_ = batches >= kNear;
    }
    {
      const std::lock_guard lock(mutex_);
      reached_ = target;
      far_behind_ = false;
    }
    changed_.notify_all();
  }
}

bool Indexer::index_some() {
  const auto meeting = std::make_shared<Meeting>();
  const auto began = Clock::now();
  app_.storage().write_async(
      [meeting](Tx& tx) -> Result<void> {
        const auto indexed = index_batch(tx);
        if (!indexed) return indexed.error();
        meeting->indexed = *indexed;
        return {};
      },
      [meeting](Result<void> outcome) {
        const std::lock_guard lock(meeting->mutex);
        meeting->outcome = std::move(outcome);
        meeting->changed.notify_all();
      });
  bool failed = false;
  {
    std::unique_lock lock(meeting->mutex);
    meeting->changed.wait(lock, [&] { return meeting->outcome.has_value(); });
    failed = !*meeting->outcome;
  }
  if (!failed && meeting->indexed == 0) return true;
  if (failed)
    app_.log(STOA_LOG_WARNING, "The search index could not be brought up to date; it will be tried again.");

  std::unique_lock lock(mutex_);
  const auto pause =
      failed ? std::chrono::duration_cast<Clock::duration>(kAfterFailure) : kShare * (Clock::now() - began);
  changed_.wait_for(lock, pause, [&] { return stopping_ || (waiting_ > 0 && !failed); });
  return false;
}

}  // namespace stoa::posts
