package metarl.agent.model;

/** What sequences of actions would earn, as far as somebody can tell: a learned model, or the true simulator. */
@FunctionalInterface
public interface Foresight {
    /**
     * The sum of rewards of every sequence, from where each environment is now.
     *
     * @param sequences what is to be tried; not to be changed
     * @return environments × candidates, flat; higher is better. What is not a finite number counts as worst.
     */
    double[] returns(Sequences sequences);
}
