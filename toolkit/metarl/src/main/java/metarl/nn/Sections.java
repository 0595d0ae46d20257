package metarl.nn;

import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import metarl.basics.Require;

/**
 * The parts of a network under their names, in the order in which their parameters are drawn, kept and stored. A critic pair with an
 * encoder is
 *
 * <pre>{@code
 * var sections = Sections.of().and("encoder", encoder).and("first critic", head).and("second critic", head);
 * var parameters = new Parameters(sections, random);
 * NDArray value = head.forward(x, parameters.section("second critic"));
 * }</pre>
 *
 * <p>Sections never change: {@link #and} gives new ones.
 */
public final class Sections {
    private final List<Section> sections;

    /** The arrays from {@code from} to {@code to}, and how their first values are drawn. */
    private record Section(String name, Network network, int from, int to, Function<RandomGenerator, List<Parameters.Initial>> initial) {
        List<Parameters.Initial> draw(RandomGenerator random) {
            List<Parameters.Initial> drawn = initial.apply(random);
            List<Network.Array> arrays = network.arrays();
            Require.that(drawn.size() == arrays.size(), "the number of initial arrays of section '" + name + "'", drawn.size(),
                arrays.size() + ", one for each of its arrays");
            for (int i = 0; i < arrays.size(); i++)
                Require.that(drawn.get(i).shape().equals(arrays.get(i).shape()), "the shape of the initial " + name + ", "
                    + arrays.get(i).name(), drawn.get(i).shape(), "" + arrays.get(i).shape());
            return drawn;
        }
    }

    private Sections(List<Section> sections) {
        this.sections = sections;
    }

    /** None yet. */
    public static Sections of() {
        return new Sections(List.of());
    }

    /** These and one more, whose first values are drawn as its network draws them. */
    public Sections and(String name, Network network) {
        return and(name, network, network::initial);
    }

    /**
     * The same with first values of another kind.
     *
     * @param initial gives one array for each of the network's, of the same shape
     * @throws IllegalArgumentException if there is a section of this name
     */
    public Sections and(String name, Network network, Function<RandomGenerator, List<Parameters.Initial>> initial) {
        Require.that(names().noneMatch(name::equals), "the name of the next section", "'" + name + "'",
            "one that is not taken; there are " + quoted());
        var section = new Section(name, network, size(), size() + network.arrays().size(), initial);
        return new Sections(Stream.concat(sections.stream(), Stream.of(section)).toList());
    }

    /** The names, in order. */
    public Stream<String> names() {
        return sections.stream().map(Section::name);
    }

    /** First values of all arrays, drawn section after section. */
    public List<Parameters.Initial> initial(RandomGenerator random) {
        var all = new ArrayList<Parameters.Initial>();
        for (Section section : sections) all.addAll(section.draw(random));
        return all;
    }

    /** Numbers in all arrays of all sections. */
    public long parameters() {
        return sections.stream().mapToLong(s -> s.network.parameters()).sum();
    }

    /**
     * The arrays of one section.
     *
     * @param list the arrays of all sections: parameters, their gradients, or one set of them per task
     * @throws IllegalArgumentException if there is no section of this name, or the list has another number of arrays
     */
    public NDList slice(String name, NDList list) {
        if (list.size() != size()) throw new IllegalArgumentException(
            "given " + list.size() + " arrays, expected " + size() + ": "
                + arrays().stream().map(Network.Array::name).collect(Collectors.joining("; ")));
        for (Section section : sections) if (section.name.equals(name)) return list.subNDList(section.from, section.to);
        throw new IllegalArgumentException("the section is '" + name + "', expected one of " + quoted());
    }

    private int size() {
        return sections.isEmpty() ? 0 : sections.get(sections.size() - 1).to;
    }

    /** All arrays in order, under names such as "first critic, layer 2 weights". */
    public List<Network.Array> arrays() {
        return sections.stream()
            .flatMap(s -> s.network.arrays().stream().map(a -> new Network.Array(s.name + ", " + a.name(), a.shape()))).toList();
    }

    private String quoted() {
        return sections.isEmpty() ? "none yet" : names().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    /** Every section with its size, such as "encoder 855, critic 12,301 numbers". */
    @Override
    public String toString() {
        return sections.stream().map(s -> String.format(Locale.ROOT, "%s %,d", s.name, s.network.parameters()))
            .collect(Collectors.joining(", ")) + " numbers";
    }
}
