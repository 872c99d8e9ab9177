// A library with a note and a manifest, but nothing to enter it by.
namespace {
[[maybe_unused]] int nothing = 0;
}
