// score_run model.onnx run.root: prints the scores of all events of a run, in each channel.
// docs/export.md says how to compile this example, and which inputs it does not read.

#include <TFile.h>
#include <TString.h>
#include <TTree.h>
#include <TTreeFormula.h>
#include <onnxruntime_cxx_api.h>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using Bytes = std::vector<char>;
using Formula = std::unique_ptr<TTreeFormula>;

[[noreturn]] void fail(const std::string& sentence) { throw std::runtime_error(sentence); }

// What runsieve says of the network, by key; empty where it says nothing.
std::string text(const Ort::ModelMetadata& facts, const std::string& key) {
    Ort::AllocatorWithDefaultOptions allocator;
    const auto found = facts.LookupCustomMetadataMapAllocated(key.c_str(), allocator);
    return found ? found.get() : "";
}
std::vector<std::string> list(const Ort::ModelMetadata& facts, const std::string& key) {
    std::vector<std::string> parts;
    std::istringstream stream(text(facts, key));
    for (std::string part; std::getline(stream, part, ';');) parts.push_back(part);
    return parts;
}

// A branch or an expression in one channel.
Formula formula(TFile& file, const std::string& tree, TString text, const std::string& channel) {
    TTree* found = file.Get<TTree>(tree.c_str());
    if (!found) fail(std::string(file.GetName()) + ": no tree " + tree);
    text.ReplaceAll("{channel}", channel.c_str());
    Formula made(new TTreeFormula("formula", text, found));
    if (made->GetNdim() == 0) fail("tree " + tree + ": cannot read " + text.Data());
    return made;
}

template <typename T> void put(Bytes& bytes, double value) {
    const T number = static_cast<T>(value);
    const char* first = reinterpret_cast<const char*>(&number);
    bytes.insert(bytes.end(), first, first + sizeof number);
}

// Appends a value in the type that the network takes.
void append(Bytes& bytes, ONNXTensorElementDataType type, double value) {
    switch (type) {
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8: return put<std::uint8_t>(bytes, value);
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16: return put<std::int16_t>(bytes, value);
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16: return put<std::uint16_t>(bytes, value);
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: return put<std::int32_t>(bytes, value);
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: return put<float>(bytes, value);
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE: return put<double>(bytes, value);
        default: fail("an input has a type that this example does not know");
    }
}

// One input of the network in one channel.
struct Input {
    std::string name;
    std::vector<std::int64_t> shape;  // of one event, with 1 in front
    ONNXTensorElementDataType type;
    std::vector<Formula> branches;
    int segments, start, length;  // of each branch; a length of 0 is all of it
    Input(TFile& file, const Ort::Session& session, std::size_t place, const std::string& channel)
        : name(session.GetInputNameAllocated(place, Ort::AllocatorWithDefaultOptions()).get()) {
        const auto facts = session.GetModelMetadata();
        const auto fact = [&](const char* key) { return text(facts, "inputs." + name + key); };
        if (!fact(".beyond").empty()) fail(name + ": not read by this example: " + fact(".beyond"));
        const Ort::TypeInfo information = session.GetInputTypeInfo(place);
        (shape = information.GetTensorTypeAndShapeInfo().GetShape()).front() = 1;
        type = information.GetTensorTypeAndShapeInfo().GetElementType();
        for (const std::string& branch : list(facts, "inputs." + name + ".read"))
            branches.push_back(formula(file, fact(".tree"), branch.c_str(), channel));
        segments = std::stoi(fact(".segments"));
        start = std::stoi(fact(".start")), length = std::stoi(fact(".length"));
    }

    // The raw values of an entry; none where the channel has recorded nothing.
    Bytes read(long long entry) const {
        Bytes bytes;
        std::int64_t found = 0, wanted = 1;
        for (std::int64_t axis : shape) wanted *= axis;
        for (const Formula& branch : branches) {
            branch->GetTree()->LoadTree(entry);
            const int size = branch->GetNdata() / segments, last = length ? start + length : size;
            branch->EvalInstance(0);  // reads the entry, which no other instance does
            if (size > 0 && last > size) fail(name + ": its window ends outside of a waveform");
            for (int first = 0; first < segments * size; first += size)
                for (int value = start; value < last; ++value, ++found)
                    append(bytes, type, branch->EvalInstance(first + value));
        }
        if (found != wanted && found != 0) fail(name + ": events of another size expected");
        return bytes;
    }
};

void score(const char* network, const char* run) {
    Ort::Env env(ORT_LOGGING_LEVEL_WARNING, "score_run");
    Ort::Session session(env, network, Ort::SessionOptions());
    const auto facts = session.GetModelMetadata();
    const std::vector<std::string> classes = list(facts, "classes");
    const std::unique_ptr<TFile> file(TFile::Open(run));
    if (!file || file->IsZombie()) fail(std::string(run) + ": cannot be opened");
    const Formula event = formula(*file, text(facts, "tree"), text(facts, "event").c_str(), "");
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeCPU);
    const char* output = "probabilities";
    std::printf("event channel");
    for (const std::string& name : classes) std::printf(" %s", name.c_str());
    for (const std::string& channel : list(facts, "channels")) {
        std::vector<Input> inputs;
        for (std::size_t place = 0; place < session.GetInputCount(); ++place)
            inputs.emplace_back(*file, session, place, channel);
        for (long long entry = 0; entry < event->GetTree()->GetEntries(); ++entry) {
            std::vector<const char*> names;
            std::vector<Bytes> bytes;  // which the values point into
            std::vector<Ort::Value> given;
            for (const Input& one : inputs) {
                names.push_back(one.name.c_str());
                Bytes& raw = bytes.emplace_back(one.read(entry));
                if (raw.empty()) break;
                given.push_back(Ort::Value::CreateTensor(
                    memory, raw.data(), raw.size(), one.shape.data(), one.shape.size(), one.type));
            }
            if (given.size() < inputs.size()) continue;
            const auto made = session.Run({}, names.data(), given.data(), given.size(), &output, 1);
            event->GetTree()->LoadTree(entry);
            event->GetNdata();
            std::printf("\n%.0f %s", event->EvalInstance(), channel.c_str());
            for (std::size_t label = 0; label < classes.size(); ++label)
                std::printf(" %.7f", made[0].GetTensorData<float>()[label]);
        }
    }
    std::printf("\n");
}

int main(int count, char** words) try {
    if (count != 3) fail("usage: score_run model.onnx run.root");
    score(words[1], words[2]);
} catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
}
