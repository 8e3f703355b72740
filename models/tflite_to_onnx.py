#!/usr/bin/env python3
"""Converts the published BlazePose TFLite networks to ONNX: planes first (NCHW), weights as float16.

usage: tflite_to_onnx.py IN.tflite OUT.onnx

Float16 and block-sparse weights of the original are unpacked here. Weights of 16 numbers and more are stored as float16
with a Cast behind them, which halves the file; everything is computed in float32.
"""

import argparse
import os

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper
from tflite import ActivationFunctionType as Activation
from tflite import BuiltinOperator as Op
from tflite import TensorType

OPSET = 13
DTYPES = {
    TensorType.FLOAT32: np.float32,
    TensorType.FLOAT16: np.float16,
    TensorType.INT32: np.int32,
}
# Names of the outputs, in the order of the TFLite file, by their number.
OUTPUTS = {2: ["boxes", "scores"], 5: ["landmarks", "presence", "mask", "heatmap", "world"]}
NCHW_AXIS = [0, 2, 3, 1]


def options(operator, kind):
    table = operator.BuiltinOptions()
    if table is None:
        return None
    value = kind()
    value.Init(table.Bytes, table.Pos)
    return value


def sparse_vector(kind, table):
    classes = {1: tflite.Int32Vector, 2: tflite.Uint16Vector, 3: tflite.Uint8Vector}
    vector = classes[kind]()
    vector.Init(table.Bytes, table.Pos)
    return vector.ValuesAsNumpy()


def densify(tensor, values):
    """Block-sparse tensor to a dense array (the format of Kjolstad et al. 2017, as in TFLite's schema)."""
    sparsity, shape = tensor.Sparsity(), list(tensor.ShapeAsNumpy())
    order = list(sparsity.TraversalOrderAsNumpy())
    blocks = list(sparsity.BlockMapAsNumpy()) if sparsity.BlockMapLength() else []
    levels = []
    for i in range(sparsity.DimMetadataLength()):
        level = sparsity.DimMetadata(i)
        if level.Format() == tflite.DimensionType.DENSE:
            levels.append((level.DenseSize(), None, None))
        else:
            segments = sparse_vector(level.ArraySegmentsType(), level.ArraySegments())
            indices = sparse_vector(level.ArrayIndicesType(), level.ArrayIndices())
            levels.append((None, segments, indices))
    rank = len(shape)
    block_sizes = [levels[order.index(rank + k)][0] for k in range(len(blocks))]
    outer = list(shape)
    for k, axis in enumerate(blocks):
        outer[axis] //= block_sizes[k]
    dense = np.zeros(outer + block_sizes, dtype=values.dtype)
    place = [0] * dense.ndim

    def fill(depth, parent):
        if depth == len(order):
            dense[tuple(place)] = values[parent]
            return
        size, segments, indices = levels[depth]
        if size is not None:
            steps = ((i, parent * size + i) for i in range(size))
        else:
            steps = ((int(indices[p]), p) for p in range(int(segments[parent]), int(segments[parent + 1])))
        for index, child in steps:
            place[order[depth]] = index
            fill(depth + 1, child)

    fill(0, 0)
    axes = []
    for axis in range(rank):
        axes.append(axis)
        axes += [rank + k for k, block_axis in enumerate(blocks) if block_axis == axis]
    return dense.transpose(axes).reshape(shape)


class Converter:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.model = tflite.Model.GetRootAsModel(file.read(), 0)
        self.graph = self.model.Subgraphs(0)
        self.tensors = [self.graph.Tensors(i) for i in range(self.graph.TensorsLength())]
        self.operators = [self.graph.Operators(k) for k in range(self.graph.OperatorsLength())]
        self.nodes, self.initializers, self.made = [], [], set()
        self.names, self.folded_pads, self.serial = {}, {}, 0
        self.constants = {}
        for i, tensor in enumerate(self.tensors):
            if tensor.Sparsity() is None and (value := self.stored(i)) is not None:
                self.constants[i] = value

    # -- reading

    def stored(self, index):
        tensor = self.tensors[index]
        buffer = self.model.Buffers(tensor.Buffer())
        if buffer.DataLength() == 0:
            return None
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), DTYPES[tensor.Type()])
        if tensor.Sparsity() is not None:
            return densify(tensor, values)
        return values.reshape(tensor.ShapeAsNumpy() if tensor.ShapeLength() else ())

    def shape(self, index):
        return [int(n) for n in self.tensors[index].ShapeAsNumpy()]

    def code(self, operator):
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        custom = code.CustomCode()
        return max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), custom.decode() if custom else ""

    # -- writing

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    def fresh(self, prefix):
        self.serial += 1
        return f"{prefix}_{self.serial}"

    def constant(self, name, values, half=False):
        values = np.ascontiguousarray(values) if np.ndim(values) else np.asarray(values)
        if name in self.made:
            return name
        self.made.add(name)
        if half and values.size >= 16:
            self.initializers.append(numpy_helper.from_array(values.astype(np.float16), name + "_h"))
            self.node("Cast", [name + "_h"], name, to=TensorProto.FLOAT)
        else:
            self.initializers.append(numpy_helper.from_array(values, name))
        return name

    def activated(self, kind, inputs, output, activation, **attributes):
        """A node with TFLite's fused activation behind it."""
        if activation == Activation.NONE:
            return self.node(kind, inputs, output, **attributes)
        before = self.fresh("pre")
        self.node(kind, inputs, before, **attributes)
        if activation == Activation.RELU:
            self.node("Relu", [before], output)
        elif activation == Activation.RELU6:
            self.node("Clip", [before, self.constant("c0", np.float32(0)), self.constant("c6", np.float32(6))], output)
        else:
            raise NotImplementedError(f"activation {activation}")

    # -- operators

    def same_pads(self, source, output, kernel, strides, dilations):
        pads = []
        for axis in (0, 1):
            reach = (kernel[axis] - 1) * dilations[axis] + 1
            total = max(0, (self.shape(output)[1 + axis] - 1) * strides[axis] + reach - self.shape(source)[1 + axis])
            pads.append((total // 2, total - total // 2))
        return [pads[0][0], pads[1][0], pads[0][1], pads[1][1]]

    def convolution(self, operator, inputs, output, name, depthwise):
        kind = tflite.DepthwiseConv2DOptions if depthwise else tflite.Conv2DOptions
        option = options(operator, kind)
        weights = self.constants[inputs[1]]
        kernel = weights.shape[1:3]
        strides = (option.StrideH(), option.StrideW())
        dilations = (option.DilationHFactor(), option.DilationWFactor())
        source, extra = self.folded_pads.get(inputs[0], (self.names.get(inputs[0]), [0, 0, 0, 0]))
        pads = [0, 0, 0, 0]
        if option.Padding() == tflite.Padding.SAME:
            pads = self.same_pads(inputs[0], output, kernel, strides, dilations)
        channels = self.shape(inputs[0])[3]
        if depthwise:
            weights, groups = weights.transpose(3, 0, 1, 2), channels
        else:
            weights = weights.transpose(0, 3, 1, 2)
            groups = channels // weights.shape[1]
        operands = [source, self.constant(f"w{inputs[1]}_{int(depthwise)}", weights.astype(np.float32), half=True)]
        if len(inputs) > 2 and inputs[2] >= 0:
            operands.append(self.constant(f"b{inputs[2]}", self.constants[inputs[2]].astype(np.float32)))
        self.activated(
            "Conv", operands, name, option.FusedActivationFunction(), kernel_shape=list(kernel), strides=list(strides),
            dilations=list(dilations), group=int(groups), pads=[int(a + b) for a, b in zip(pads, extra)])

    def pad(self, inputs, output, name, users):
        pads = self.constants[inputs[1]]
        spatial = pads[0].sum() == 0 and pads[3].sum() == 0
        convolutions = (Op.CONV_2D, Op.DEPTHWISE_CONV_2D)
        if spatial and all(self.code(user)[0] in convolutions for user in users):
            before_after = [int(pads[axis][side]) for side in (0, 1) for axis in (1, 2)]
            self.folded_pads[output] = (self.names[inputs[0]], before_after)
            return
        planes = np.array([pads[axis][side] for side in (0, 1) for axis in (0, 3, 1, 2)], np.int64)
        zero = self.constant("c0", np.float32(0))
        self.node("Pad", [self.names[inputs[0]], self.constant(f"pads{output}", planes), zero], name, mode="constant")

    def elementwise(self, operator, inputs, name, kind):
        option = options(operator, tflite.AddOptions if kind == "Add" else tflite.MulOptions)

        def operand(index):
            if index not in self.constants:
                return self.names[index]
            values = self.constants[index].astype(np.float32)
            values = values.reshape(1, -1, 1, 1) if values.ndim == 1 else values.transpose(0, 3, 1, 2)
            return self.constant(f"k{index}", values)

        activation = option.FusedActivationFunction() if option else Activation.NONE
        self.activated(kind, [operand(i) for i in inputs], name, activation)

    def max_pool(self, operator, inputs, output, name):
        option = options(operator, tflite.Pool2DOptions)
        kernel, strides = (option.FilterHeight(), option.FilterWidth()), (option.StrideH(), option.StrideW())
        pads = [0, 0, 0, 0]
        if option.Padding() == tflite.Padding.SAME:
            pads = self.same_pads(inputs[0], output, kernel, strides, (1, 1))
        self.activated(
            "MaxPool", [self.names[inputs[0]]], name, option.FusedActivationFunction(), kernel_shape=list(kernel),
            strides=list(strides), pads=pads)

    def resize(self, operator, inputs, output, name):
        option = options(operator, tflite.ResizeBilinearOptions)
        if option.AlignCorners():
            raise NotImplementedError("resize with aligned corners")
        before, after = self.shape(inputs[0]), self.shape(output)
        scales = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
        mode = "half_pixel" if option.HalfPixelCenters() else "asymmetric"
        self.node(
            "Resize", [self.names[inputs[0]], "", self.constant(f"scales{output}", scales)], name, mode="linear",
            coordinate_transformation_mode=mode, nearest_mode="floor")

    def reshape(self, inputs, output, name):
        before, after, source = self.shape(inputs[0]), self.shape(output), self.names[inputs[0]]
        assert len(after) != 4, "planes would be mixed"
        if len(before) == 4 and before[1:3] != [1, 1]:
            turned = self.fresh("nhwc")
            self.node("Transpose", [source], turned, perm=[0, 2, 3, 1])
            source = turned
        self.node("Reshape", [source, self.constant(f"shape{output}", np.array(after, np.int64))], name)

    def operator(self, operator, users):
        code, custom = self.code(operator)
        inputs = [int(i) for i in operator.InputsAsNumpy()]
        output = int(operator.OutputsAsNumpy()[0])
        name = self.names[output] = f"t{output}"
        if code == Op.DENSIFY:
            self.constants[output] = self.stored(inputs[0])
        elif code == Op.DEQUANTIZE and inputs[0] in self.constants:
            self.constants[output] = self.constants[inputs[0]].astype(np.float32)
        elif code in (Op.CONV_2D, Op.DEPTHWISE_CONV_2D):
            self.convolution(operator, inputs, output, name, code == Op.DEPTHWISE_CONV_2D)
        elif code == Op.PAD:
            self.pad(inputs, output, name, users.get(output, []))
        elif code in (Op.ADD, Op.MUL):
            self.elementwise(operator, inputs, name, "Add" if code == Op.ADD else "Mul")
        elif code == Op.MAX_POOL_2D:
            self.max_pool(operator, inputs, output, name)
        elif code == Op.RESIZE_BILINEAR:
            self.resize(operator, inputs, output, name)
        elif code == Op.RESHAPE:
            self.reshape(inputs, output, name)
        elif code == Op.CONCATENATION:
            rank = len(self.shape(output))
            axis = options(operator, tflite.ConcatenationOptions).Axis() % rank
            axis = NCHW_AXIS[axis] if rank == 4 else axis
            self.node("Concat", [self.names[i] for i in inputs], name, axis=axis)
        elif code == Op.DEPTH_TO_SPACE:
            size = options(operator, tflite.DepthToSpaceOptions).BlockSize()
            self.node("DepthToSpace", [self.names[inputs[0]]], name, blocksize=size, mode="DCR")
        elif code == Op.LOGISTIC:
            self.node("Sigmoid", [self.names[inputs[0]]], name)
        else:
            raise NotImplementedError(f"operator {code} {custom}")

    def convert(self):
        source, = (int(i) for i in self.graph.InputsAsNumpy())
        n, height, width, channels = self.shape(source)
        self.names[source] = "input"
        picture = helper.make_tensor_value_info("input", TensorProto.FLOAT, [n, channels, height, width])
        users = {}
        for operator in self.operators:
            for index in operator.InputsAsNumpy():
                users.setdefault(int(index), []).append(operator)
        for operator in self.operators:
            self.operator(operator, users)
        outputs, renamed = [], {}
        results = [int(i) for i in self.graph.OutputsAsNumpy()]
        for index, name in zip(results, OUTPUTS[len(results)]):
            shape = self.shape(index)
            shape = [shape[0], shape[3], shape[1], shape[2]] if len(shape) == 4 else shape
            renamed[self.names[index]] = name
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        for node in self.nodes:
            for names in (node.input, node.output):
                names[:] = [renamed.get(name, name) for name in names]
        graph = helper.make_graph(self.nodes, "blazepose", [picture], outputs, self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="formcheck")
        model.ir_version = 7
        onnx.checker.check_model(model, full_check=True)
        return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("target")
    arguments = parser.parse_args()
    onnx.save(Converter(arguments.source).convert(), arguments.target)
    print(arguments.target, os.path.getsize(arguments.target), "bytes")


if __name__ == "__main__":
    main()
