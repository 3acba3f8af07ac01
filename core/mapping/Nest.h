// A mapped statement: loops of the machine's own shape, operands as strided views, rules to call.
//
// A Nest is what the mapper proves legal and the scheduler orders: it knows nothing of the kernel's
// text and nothing of tiles.
#pragma once

#include "core/mapping/HostEncoding.h"
#include "core/mapping/Match.h"

namespace lathe {

/// One loop of a nest: a fused set of kernel loops, outermost first.
struct NestLoop {
  enum class Role : uint8_t { Row, Lane, Depth, Outer };
  Role role = Role::Outer;
  int64_t extent = 1;
  bool reduction = false;
  std::vector<unsigned> kernelLoops;
};

/// Part of an address: stride * (sum of coefficient * loop). One coordinate per tensor dimension
/// (or fused run of dimensions), so that neighbouring windows of a convolution share their overlap.
struct Coordinate {
  int64_t stride = 0;                              ///< in elements
  std::vector<std::pair<unsigned, int64_t>> terms; ///< (nest loop, coefficient > 0)
  int64_t period = 0; ///< values this far apart are the same row; 0: all differ
};

/// A copy that lays an operand out so that the machine's strides reach it.
struct Packing {
  Semantics
      semantics; ///< bound; one statement, source tensor to packed tensor (or back, for a result)
  int64_t bytes = 0;  ///< read and written by the copy
  std::string reason; ///< why strides alone do not do
};

/// A tensor in host memory as the nest's loops walk it.
struct HostView {
  std::string tensor; ///< symbol, or the packed copy's
  ElementType type;
  int64_t offset = 0; ///< elements from the tensor's first
  std::vector<Coordinate> coordinates;
  std::optional<unsigned> laneLoop; ///< walks consecutive elements
  std::optional<int64_t> splat;     ///< every element is this number; the tensor is a constant row
  std::optional<Packing> packing;
  /// The packed copy is blocks of bytes, and offset and strides count what would be its elements.
  std::optional<HostEncoding> encoding;

  /// Bytes of an offset or stride.
  int64_t bytesAt(int64_t elements) const {
    return encoding ? encoding->bytesAt(elements) : elements * type.bytes();
  }
};

/// An input brought on chip: host memory -> staging space, then, when the operand lives elsewhere,
/// one intrinsic tile at a time -> operand space.
struct StagedInput {
  HostView view;
  ExprRef source;              ///< the kernel's expression that it brings: a Load or a Constant
  unsigned load = 0;           ///< rule: host memory to the staging space
  std::optional<unsigned> hop; ///< rule: staging space to the operand's own space
  std::optional<unsigned> addressedLoop; ///< nest loop along the staging tile's addresses
  std::optional<unsigned> rowLoop;       ///< nest loop along the staging tile's row
  /// Set when another nest of its chain leaves it on chip, where `load` would bring it: which of
  /// the chain's tensors it is.
  std::optional<unsigned> kept;
  /// Rows of the addressed loop begin at multiples of so many addresses: an intrinsic takes them as
  /// one operand, of which it uses a window.
  int64_t alignedRows = 1;
  int64_t lanes = 0; ///< of a row that are used, when it is not all of them
};

/// One value of the pointwise part, in the order they are computed.
struct PointwiseValue {
  enum class Kind : uint8_t { Result, Input, Compute };
  Kind kind = Kind::Result; ///< Result: what the contraction left in its destination
  unsigned input = 0;       ///< Input: index into Nest::inputs
  unsigned rule = 0;        ///< Compute
  /// Compute: per source of the rule, the value it reads. Result: the value that the reduction goes
  /// on from, if any, an Input that lies where the result will.
  std::vector<unsigned> operands;
  std::map<unsigned, int64_t> scalars;
  unsigned space = 0;   ///< where the value lives
  bool inPlace = false; ///< Compute: overwrites its first operand that shares the destination tile
};

/// A store of the nest's result.
struct StoreCall {
  unsigned rule = 0;
  std::vector<unsigned> operands; ///< per source of the rule: index into values
  std::map<unsigned, int64_t> scalars;
};

/// The value that a reduction goes on from, or nothing.
std::optional<unsigned> startOf(const std::vector<PointwiseValue> &values);

/// Where a nest's result goes.
enum class ResultPlace : uint8_t {
  Host,
  Kept, ///< `store` writes an on-chip space, from which other nests read
  Left, ///< it stays where the contraction leaves it, for the nest that goes on from it
};

/// What a call of the contraction has besides places: it differs by iterations of outer loops.
struct CallVariant {
  bool subtracts = false;
  std::map<unsigned, int64_t> scalars; ///< by tensor of the intrinsic
  bool operator==(const CallVariant &) const = default;
};

struct Nest {
  std::vector<NestLoop> loops;
  unsigned rowLoop = 0;  ///< along the addresses of result tiles
  unsigned laneLoop = 0; ///< along the row of result tiles
  /// Set when rows and lanes are cut from one long row of `lanesInAll` elements: where this nest's
  /// part begins.
  std::optional<int64_t> firstLane;
  int64_t lanesInAll = 0;
  /// The contraction, unless the statement is pointwise.
  struct Contraction {
    std::optional<unsigned> set;        ///< rule that overwrites its destination
    std::optional<unsigned> accumulate; ///< rule that adds to it
    std::vector<unsigned> inputs;       ///< per source of the rule: index into Nest::inputs
    std::vector<unsigned> loops;        ///< per loop of the rule: nest loop
    std::map<unsigned, int64_t> scalars;
    unsigned space = 0;                ///< of the destination
    std::optional<unsigned> subtract;  ///< rule that subtracts from it, when a variant does
    std::vector<unsigned> variedBy;    ///< nest loops of planes and digits, the last one fastest
    std::vector<CallVariant> variants; ///< one for each of their iterations; empty without such
    /// Points of the windowed loop that a call takes at most; 0: all of a call's.
    int64_t windowPoints = 0;
    /// Points of the windowed loop that lie in one row of the operand whose lanes they are, when
    /// whole windows leave some lanes empty; 0: a row is full.
    int64_t rowPoints = 0;

    bool isVaried(unsigned loop) const {
      return std::find(variedBy.begin(), variedBy.end(), loop) != variedBy.end();
    }
  };
  std::optional<Contraction> contraction;
  std::vector<StagedInput> inputs;
  std::vector<PointwiseValue> values;
  ResultPlace place = ResultPlace::Host;
  unsigned kept = 0;                  ///< the chain's tensor that the result is, unless on the host
  StoreCall store;                    ///< writes the result where it goes
  std::optional<StoreCall> hostStore; ///< of a kept result that is wanted in host memory as well
  HostView result;
};

enum class MappingClass : uint8_t {
  View,   ///< strides only
  Padded, ///< a fixed-size tile is partly filled with neutral elements
  Packed, ///< a copy lays an operand or the result out
};

} // namespace lathe
