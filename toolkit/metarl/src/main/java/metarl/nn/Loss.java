package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A scalar to be made smaller, and the passes over sequences that it stands on.
 *
 * @param value recorded, a function of parameters and of the outputs of the passes
 * @param passes as many as there are, of one network or of several
 */
public record Loss(NDArray value, List<SequenceNetwork.Pass> passes) {
    /** Keeps a copy of the list. */
    public Loss {
        passes = List.copyOf(passes);
    }

    /**
     * A loss that stands on these passes; those that are null are left out, so that a network without an encoder needs no case of its own.
     */
    public Loss(NDArray value, SequenceNetwork.Pass... passes) {
        this(value, Stream.of(passes).filter(p -> p != null).toList());
    }

    /**
     * ∂value/∂parameters, one array per parameter, through the passes as well: each adds its share where its own arrays stand among the
     * parameters. What a pass owes to arrays of another network is left out.
     */
    public NDList gradients(Parameters parameters) {
        NDList wanted = parameters.list();
        List<SequenceNetwork.Pass> through = passes.stream().filter(p -> p.parameters().stream().anyMatch(a -> place(a, wanted) >= 0))
            .toList();
        if (through.isEmpty()) return Gradients.of(value, wanted);
        var inputs = new NDList();
        for (SequenceNetwork.Pass pass : through) inputs.add(pass.outputs());
        inputs.addAll(wanted);
        NDList all = Gradients.of(value, inputs), gradients = all.subNDList(through.size());
        for (int i = 0; i < through.size(); i++) add(through.get(i), all.get(i), wanted, gradients);
        return gradients;
    }

    private static void add(SequenceNetwork.Pass pass, NDArray upstream, NDList parameters, NDList gradients) {
        Gradients.unrecorded(() -> {
            NDList own = pass.gradients(upstream);
            for (int i = 0; i < own.size(); i++) {
                int place = place(pass.parameters().get(i), parameters);
                if (place >= 0) gradients.get(place).addi(own.get(i));
            }
            return null;
        });
    }

    private static int place(NDArray array, NDList parameters) {
        // by identity: equality of arrays compares their numbers
        for (int i = 0; i < parameters.size(); i++) if (parameters.get(i) == array) return i;
        return -1;
    }

    /** The number. */
    public float number() {
        return value.getFloat();
    }
}
