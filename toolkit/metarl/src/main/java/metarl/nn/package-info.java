/**
 * Networks as pure functions of their parameters, their gradients, and the steps that improve them. A network of your own stands on the
 * same pieces as those that ship.
 *
 * <p>A {@link metarl.nn.Network} ({@link metarl.nn.Mlp}, {@link metarl.nn.Gru}) computes; {@link metarl.nn.Sections} name the parts of a
 * larger one; {@link metarl.nn.Parameters} hold the numbers; a {@link metarl.nn.Loss} is what {@link metarl.nn.Adam} makes smaller.
 * Learning x² from 64 points, with the imports {@code ai.djl.ndarray.*} and {@code ai.djl.ndarray.types.*}:
 *
 * <pre>{@code
 * var network = Mlp.of(Mlp.Activation.TANH, 1, 16, 1);
 * var sections = Sections.of().and("square", network);
 * try (var parameters = new Parameters(sections, RandomStream.of(1, "square")); var adam = new Adam(parameters, 0.01)) {
 *     for (int i = 0; i < 300; i++)
 *         try (NDManager scope = parameters.manager().newSubManager()) {
 *             NDArray x = scope.linspace(-1, 1, 64).reshape(64, 1), y = x.square();
 *             NDArray error = Gradients.recorded(() -> network.forward(x, parameters.section("square")).sub(y).square().mean());
 *             adam.minimize(new Loss(error));
 *         }
 * }
 * }</pre>
 *
 * <p>Four rules keep this correct and its memory flat:
 * <ol>
 * <li>An array belongs to a manager and ends with it. Open a short-lived one for every update, as above.
 * <li>The result of an operation belongs to the manager of the array it is called on. Call it on the short-lived array: {@code
 * x.mul(weights)}, not {@code weights.mul(x)}, which would stay as long as the weights. {@code forward} does so.
 * <li>Operations are recorded for gradients inside {@link metarl.nn.Gradients#recorded} only. What {@code number()} or {@code
 * toFloatArray()} give is plain Java.
 * <li>In a loss, use {@link metarl.nn.Gradients#scaled} for a number times an array; DJL's {@code mul}, {@code div}, {@code pow}, {@code
 * minimum} and {@code maximum} with a number would leave memory behind that is freed too early.
 * </ol>
 *
 * <p>What reads sequences is a {@link metarl.nn.SequenceNetwork}; inner steps that are differentiated again are made by {@link
 * metarl.nn.Gradients#differentiable} and {@link metarl.nn.Gradients#descended}; {@link metarl.nn.TrustRegion} takes steps whose length a
 * divergence limits.
 */
package metarl.nn;
