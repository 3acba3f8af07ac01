// What is printed from descriptions, so that no number or key is typed twice.
#pragma once

#include "core/description/Keys.h"
#include "core/target/Target.h"

namespace lathe {

/// A SystemVerilog package: masks, matches and field positions of every intrinsic, in file order.
/// `isaFile` is the .td's path in the plugin, for the header. Intrinsic LOAD_ACC_I8, field src:
///   LoadAccI8Mask, LoadAccI8Match, LoadAccI8SrcLsb, LoadAccI8SrcWidth
/// A field in several pieces has LoadAccI8Src0Lsb, ...Src0Width, ...Src1Lsb, from its low bits up.
std::string systemVerilogPackage(const Target &target, llvm::StringRef isaFile);

/// The JSON schema (draft 2020-12) of a file of this kind, for editors.
std::string jsonSchema(const KeyTable &table);

/// A markdown page with one table a file: key, example, required, meaning.
std::string keyReference();

} // namespace lathe
