package metarl.diagnose.sequential;

/** An optimum of the bound: a backup of one step from given values, half of one as the slides print it or a whole one. */
record OneStepWeight(double[] nextValues, boolean halved) implements DynamicsWeight {
    @Override
    public String label() {
        return halved ? "slides' optimum" : "tight optimum";
    }

    @Override
    public String caution() {
        return halved
            ? "The slides' optimum aims at half of a one-step backup: expect about half of the value, whatever the number of "
                + "trajectories. DynamicsWeight.tight does not halve."
            : "The tight form looks one step ahead with the values given: their error, and the shift of that step, stay as bias however "
                + "many trajectories there are.";
    }

    @Override
    public double product(int step, double nextValue, double reward, double discount) {
        return product(nextValues[step], reward, discount, halved);
    }

    /** γ ρ̂ Ṽ(s') where V_j(s') is {@code value}. */
    static double product(double value, double reward, double discount, boolean halved) {
        return halved ? (discount * value - reward) / 2 : discount * value;
    }

    @Override
    public int steps() {
        return nextValues.length;
    }

    @Override
    public boolean recursive() {
        return false;
    }
}
