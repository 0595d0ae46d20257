package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import metarl.nn.TorchScript.Argument;

/** A loss is differentiated down to what the network said, and from there layer by layer. */
record CausalPass(NDArray outputs, NDList kept, NDList own, NDList parameters, NDArray plan) implements SequenceNetwork.Pass {
    @Override
    public NDList gradients(NDArray upstream) {
        return Gradients.unrecorded(() -> {
            NDList found = TorchScript.call("causal_gradients", Argument.of(upstream), Argument.of(plan), Argument.list("w", own),
                Argument.list("kept", kept));
            // the last is the gradient of what the first unit says, or, where that is no dense layer, of what it reads
            NDArray front = found.remove(found.size() - 1);
            if (parameters.size() > own.size()) found.add(TorchScript
                .call("causal_sequences", Argument.of(front), Argument.of(upstream), Argument.of(plan), Argument.of(own.get(0)))
                .singletonOrThrow());
            return found;
        });
    }
}
