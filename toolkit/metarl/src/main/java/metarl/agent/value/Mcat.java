package metarl.agent.value;

import java.util.function.UnaryOperator;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.agent.transfer.ActionTranslator;
import metarl.agent.transfer.ContextModel;
import metarl.agent.transfer.RateSchedule;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Meta-RL with a context-conditioned action translator (MCAT; Guo, Wu and Lee 2022, "Learning action translator for meta reinforcement
 * learning on sparse-reward tasks"): tasks with the same reward and other dynamics, in which a policy that has learned one task helps to
 * collect in the others.
 *
 * <p>Three things are learned from one replay, in turn and never jointly:
 * <ol>
 *   <li>a context encoder C, z_t = C(the last K steps), and a forward model F(s' | s, a, z): their equations 1 and 2, {@link ContextModel};
 *   <li>with C and F as they are, an action translator H(s, a, z_j, z_i): their equation 3, {@link ActionTranslator};
 *   <li>with C as it is, a policy π(s, z) and critics Q(s, a, z) by TD3, which is {@link Td3} on observations (s, z): no gradient reaches
 *     C; to the critics' loss {@link SelfImitation} adds that what was once earned is a lower bound.
 * </ol>
 *
 * <p>An episode of task i is lived through by the learned policy π(s, z), or by one transferred from a task j on which π does better,
 *
 * <p>H(s, π(s, z_j), z_j, z),
 *
 * <p>with the features z_j, means of embeddings of task j, and z read off the last K steps; whichever earned more in recent episodes of
 * task i ({@link Choice}). A test task is acted in by π(s, z) as it is: nothing is adapted by gradients.
 *
 * <p>The paper leaves open, and its release holds no meta-training: how often C, F and H learn, how many episodes are recent, and the
 * numbers of the self-imitation. Ours: after the random start and then every {@code modelEvery} steps, C and F make {@code modelUpdates}
 * updates and H {@code translatorUpdates}, all going on from where they stood, then the task features are computed anew; TD3 waits for the
 * first time. The last 5 episodes count. A policy is transferred from a task where π is clearly better, by 2 standard errors. All
 * policies change, so each is seen again: a candidate that has not acted in a task for {@code trialEvery} episodes is tried there once,
 * and the learned policy acts after 5 episodes by others. Episodes with random actions are no policy's. Batches of
 * TD3 are drawn from the transitions of all tasks as if they were one.
 *
 * @param base the numbers of TD3; its contextLength must be 0, because the context is C's, and its relabeller none
 * @param model C and F; with contextSize 0 there is no context, and nothing can be transferred: TD3 with self-imitation
 * @param translator H, with task features
 * @param selfImitation what is added to the critics' loss
 * @param policyPenalty weight of the mean square of u in the actor's loss, where π = tanh u; 0: none, as published
 * @param transfer whether transferred policies act at all; without, there is no H
 * @param choice how it is decided who acts
 * @param modelEvery collected steps from one time that C, F and H learn to the next
 * @param modelUpdates updates of C and F each time
 * @param translatorUpdates updates of H each time
 * @param featureSegments embeddings whose mean is a task's feature z_j
 * @param recentEpisodes returns of a policy in a task that count
 * @param trialEvery episodes of a task after which a candidate that did not act there is tried again
 * @param lead by how many standard errors of recent returns π must be better on j than on i for a transfer from j to i
 */
public record Mcat(Td3 base, ContextModel model, ActionTranslator translator, SelfImitation selfImitation, double policyPenalty,
    boolean transfer, Choice choice, int modelEvery, int modelUpdates, int translatorUpdates, int featureSegments, int recentEpisodes,
    int trialEvery, double lead)
    implements Algorithm {
    /** How it is decided who acts in an episode. */
    public enum Choice {
        /** By the returns of recent episodes. */
        RECENT,
        /**
         * By trying: the learned policy and every candidate live through an episode, and the best one's is kept. All steps count, those of
         * the others as well; what a choice without any error would be worth.
         */
        ORACLE
    }

    /** Checks every value; an error names the sane range. */
    public Mcat {
        if (choice == null) choice = Choice.RECENT;
        Require.that(base != null, "base", base, "the settings of TD3, such as Mcat.small().base()");
        Require.that(base.relabeller() instanceof Relabeller.None, "base.relabeller", base.relabeller(),
            "Relabeller.none(): tasks of MCAT learn from each other by translated policies");
        Require.that(model != null, "model", model, "settings such as ContextModel.small()");
        Require.that(translator != null, "translator", translator, "settings such as ActionTranslator.releasedForAllPairs()");
        Require.that(selfImitation != null, "selfImitation", selfImitation, "settings such as SelfImitation.released(), or off()");
        Require.number(policyPenalty, policyPenalty >= 0 && policyPenalty <= 1e6, "policyPenalty", "0 (none) to 1e6, usually 0.001 to 0.1");
        Require.count(modelEvery, 1, "modelEvery", "at least 1 step, usually 5 000 to 20 000");
        Require.count(modelUpdates, 1, "modelUpdates", "at least 1, usually 500 to 5 000");
        Require.count(translatorUpdates, 0, "translatorUpdates", "0 (only without transfer) or more, usually 500 to 5 000");
        Require.count(featureSegments, 1, "featureSegments", "at least 1, usually 256");
        Require.count(recentEpisodes, 1, "recentEpisodes", "at least 1, usually 5");
        Require.count(trialEvery, 1, "trialEvery", "at least 1, usually 20");
        Require.number(lead, lead >= 0 && lead <= 100, "lead", "0 (any lead counts) to 100 standard errors, usually 2");
    }

    /**
     * What paper and release tell: TD3 with 2 × 256, a learning rate of 3e-4, 25 000 random steps and so on as it trained the source
     * policies; C, F and H as published for many tasks; Tang's self-imitation. The rest is ours.
     */
    public static Mcat published() {
        Td3 td3 = new Td3(256, 0.99, 0.005, 3e-4, 256, 2, 0.1, 0.2, 0.5, 0, 1, 25_000, 1, 1, 5_000_000, 0, Relabeller.none(),
            LearnedRatios.Settings.defaults());
        return new Mcat(td3, ContextModel.published(),
            ActionTranslator.releasedForAllPairs().objective(ActionTranslator.Objective.LIKELIHOOD),
            SelfImitation.released(), 0, true, Choice.RECENT, 10_000, 5_000, 5_000, 256, 5, 20, 2);
    }

    /**
     * For a body and 4 or 5 tasks on two cores: our own. The translator has the released objective, because by likelihood it was worse than
     * none on a body (experiments/mcat).
     */
    public static Mcat small() {
        Td3 td3 = new Td3(128, 0.99, 0.005, 1e-3, 128, 2, 0.1, 0.2, 0.5, 0, 1, 10_000, 0.5, 5, 500_000, 0, Relabeller.none(),
            LearnedRatios.Settings.defaults());
        return new Mcat(td3, ContextModel.small(),
            ActionTranslator.smallForAllPairs().objective(ActionTranslator.Objective.DISTANCE).learningRate(RateSchedule.constant(1e-3)),
            SelfImitation.released(), 0.01, true, Choice.RECENT, 10_000, 500, 500, 256, 5, 20, 2);
    }

    @Override
    public String name() {
        return transfer ? "MCAT" : "MCAT without transfer";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, McatMemory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        requireFits(problem);
        memory(problem).require();
        return new McatLearner(this, problem, seed);
    }

    private void requireFits(Problem problem) {
        Require.that(!problem.discrete(), "the actions", problem.actionSize() + " choices",
            "real numbers: choices are neither translated nor chosen by TD3");
        Require.that(base.contextLength() == 0, "contextLength of base", base.contextLength(),
            "0: the context is that of the encoder, whose steps are model.history");
        if (transfer) requireTransfer(problem);
        if (!hasContext()) return;
        int perTask = base.replayCapacity() / problem.tasks();
        Require.that(problem.horizon() >= model.ahead(), "ahead of model", model.ahead(),
            "at most " + problem.horizon() + ", the steps of an episode: a segment comes from one");
        Require.that(perTask >= model.ahead(), "replayCapacity", base.replayCapacity(), "at least "
            + Require.times(problem.tasks(), model.ahead()) + ": a segment of " + model.ahead() + " steps of each of " + problem.tasks()
            + " tasks");
    }

    private void requireTransfer(Problem problem) {
        Require.that(problem.tasks() >= 2, "the number of train tasks", problem.tasks(),
            "at least 2 to transfer from one to another; or transfer(false)");
        Require.that(translatorUpdates > 0, "translatorUpdates", translatorUpdates,
            "at least 1, because a translator that learned nothing transfers nothing; or transfer(false)");
        Require.that(hasContext(), "contextSize of model", model.contextSize(),
            "at least 1, because a translator for many tasks reads their features; or transfer(false)");
        Require.that(translator.withFeatures(), "withFeatures of translator", false,
            "true, because one translator serves all pairs of tasks; or transfer(false)");
    }

    /** Whether there is a z at all. */
    boolean hasContext() {
        return model.contextSize() > 0;
    }

    /** TD3 itself: its policy reads the context within the episode, and is no better after it. */
    @Override
    public boolean adapts() {
        return false;
    }

    @Override
    public Mcat fast() {
        return base(Td3::fast).modelUpdates(Math.min(modelUpdates, 3)).translatorUpdates(Math.min(translatorUpdates, 3))
            .featureSegments(Math.min(featureSegments, 16));
    }

    /** Ablation: the learned policy alone collects; no translator. */
    public Mcat withoutTransfer() {
        return transfer(false);
    }

    /** Ablation: plain TD3 on (s, z). */
    public Mcat withoutSelfImitation() {
        return selfImitation(SelfImitation.off());
    }

    /** Ablation: embeddings by the forward model's loss alone. */
    public Mcat withoutContrast() {
        return model(m -> m.contrastiveWeight(0));
    }

    /** This with other numbers of TD3. */
    public Mcat base(Td3 base) {
        return Copy.with(this, "base", base);
    }

    /** This with a change of its TD3. */
    public Mcat base(UnaryOperator<Td3> change) {
        return base(change.apply(base));
    }

    /** This with another context encoder and forward model. */
    public Mcat model(ContextModel model) {
        return Copy.with(this, "model", model);
    }

    /** This with a change of its context encoder and forward model. */
    public Mcat model(UnaryOperator<ContextModel> change) {
        return model(change.apply(model));
    }

    /** This with another translator. */
    public Mcat translator(ActionTranslator translator) {
        return Copy.with(this, "translator", translator);
    }

    /** This with a change of its translator. */
    public Mcat translator(UnaryOperator<ActionTranslator> change) {
        return translator(change.apply(translator));
    }

    /** This with another self-imitation. */
    public Mcat selfImitation(SelfImitation selfImitation) {
        return Copy.with(this, "selfImitation", selfImitation);
    }

    /** This with another penalty on the policy's values before tanh; 0: none. */
    public Mcat policyPenalty(double policyPenalty) {
        return Copy.with(this, "policyPenalty", policyPenalty);
    }

    /** This with or without transferred policies. */
    public Mcat transfer(boolean transfer) {
        return Copy.with(this, "transfer", transfer);
    }

    /** This with another way to choose who acts. */
    public Mcat choice(Choice choice) {
        return Copy.with(this, "choice", choice);
    }

    /** This with another number of steps from one time that C, F and H learn to the next. */
    public Mcat modelEvery(int modelEvery) {
        return Copy.with(this, "modelEvery", modelEvery);
    }

    /** This with another number of updates of C and F each time. */
    public Mcat modelUpdates(int modelUpdates) {
        return Copy.with(this, "modelUpdates", modelUpdates);
    }

    /** This with another number of updates of H each time. */
    public Mcat translatorUpdates(int translatorUpdates) {
        return Copy.with(this, "translatorUpdates", translatorUpdates);
    }

    /** This with another number of embeddings in a task's feature. */
    public Mcat featureSegments(int featureSegments) {
        return Copy.with(this, "featureSegments", featureSegments);
    }

    /** This with another number of returns that count. */
    public Mcat recentEpisodes(int recentEpisodes) {
        return Copy.with(this, "recentEpisodes", recentEpisodes);
    }

    /** This with another number of episodes after which a candidate is tried again. */
    public Mcat trialEvery(int trialEvery) {
        return Copy.with(this, "trialEvery", trialEvery);
    }

    /** This with another lead, in standard errors, that a source task must have. */
    public Mcat lead(double lead) {
        return Copy.with(this, "lead", lead);
    }
}
