// A queue of fixed capacity, a power of two, without allocation after it is sized.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

namespace lathe::model {

template <typename Entry> class Ring {
public:
  /// Empties the ring and gives it room for at least `entries`.
  void size(uint64_t entries) {
    uint64_t capacity = 1;
    while (capacity < entries)
      capacity *= 2;
    slots.assign(capacity, Entry());
    head = tail = 0;
  }
  void clear() { head = tail = 0; }

  bool empty() const { return head == tail; }
  bool full() const { return tail - head == slots.size(); }
  Entry &front() {
    assert(!empty() && "the caller looks only at what is there");
    return slots[head & (slots.size() - 1)];
  }
  /// The place of the next entry, which push() makes part of the queue.
  Entry &next() {
    assert(!full() && "ready is low while the ring is full");
    return slots[tail & (slots.size() - 1)];
  }
  void push() { ++tail; }
  void pop() { ++head; }

  template <typename Archive> void archive(Archive &&visit) {
    uint64_t capacity = slots.size();
    visit(capacity);
    visit(head);
    visit(tail);
    slots.resize(capacity);
    for (Entry &slot : slots)
      visit(slot);
  }

private:
  std::vector<Entry> slots{1};
  uint64_t head = 0, tail = 0;
};

} // namespace lathe::model
