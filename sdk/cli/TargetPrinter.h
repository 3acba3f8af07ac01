// A target in words: its instruction set and its machine, as text, Markdown, JSON or a graph.
#pragma once

#include "sdk/manual/TargetWords.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace lathe::cli {

enum class Format { Text, Markdown };

void printIsa(llvm::raw_ostream &out, const Target &target, Format format);
void printMachine(llvm::raw_ostream &out, const Target &target, Format format);
llvm::json::Value isaToJson(const Target &target);
llvm::json::Value machineToJson(const Target &target);
/// Spaces and units as a Graphviz graph: an edge from what an intrinsic reads to what it writes.
void printDot(llvm::raw_ostream &out, const Target &target);

} // namespace lathe::cli
