package metarl.diagnose.log;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import metarl.basics.Require;

/** Sums over the rows of each of so many groups. */
final class GroupSums {
    static final int LONGEST_NAME = 200;
    private static final int MOST = 1_000_000, END = -1;

    private final int most;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<WeightSums> sums = new ArrayList<>();
    /** The first row of each group in the block that is summed up; all ended between two blocks. */
    private int[] first = {};

    /** @param most groups; 0 for none */
    GroupSums(int most) {
        Require.that(most >= 0 && most <= MOST, "groups", most, "1 to 1,000,000, usually up to 10,000");
        this.most = most;
    }

    /** Checks how many groups are asked for, before there is a place for them. */
    static int requireMost(int most) {
        Require.that(most >= 1, "groups", most, "1 to 1,000,000, usually up to 10,000");
        return most;
    }

    int most() {
        return most;
    }

    int size() {
        return names.size();
    }

    /**
     * The place of a group, which is given one if it has none.
     *
     * @throws IllegalArgumentException if its name is missing or too long, or there are as many groups as may be
     */
    int place(String name) {
        Integer known = places.get(name);
        if (known != null) return known;
        if (name == null) throw new IllegalArgumentException("the group is null; expected a name of at most " + LONGEST_NAME + " letters");
        requireShort("the group", name);
        requireRoom(1, name);
        names.add(name);
        sums.add(new WeightSums());
        places.put(name, names.size() - 1);
        return names.size() - 1;
    }

    static void requireShort(String what, String name) {
        if (name.length() > LONGEST_NAME)
            throw new IllegalArgumentException(what + " '" + name.substring(0, LONGEST_NAME / 4) + "…' has " + name.length()
                + " letters; expected a name of at most " + LONGEST_NAME);
    }

    private void requireRoom(int more, String name) {
        if (names.size() + more > most)
            throw new IllegalArgumentException("'" + name + "' would be one more than " + most + " groups; expected "
                + (most == 0 ? "none: say .grouped() before the first row"
                    : "at most so many: if these are groups and not the numbers of rows, give .grouped(n) a larger n"));
    }

    /** Adds the first {@code n} rows, each to the group at its place. */
    void take(double[] logs, double[] rewards, int[] rowPlaces, int n, double logClip, double[][] terms) {
        // a chain of rows for each group, from the first to the last: sorting would take longer than the sums
        if (first.length < names.size()) first = grown(first, names.size());
        int[] next = new int[n], met = new int[n];
        int groups = 0;
        for (int i = n - 1; i >= 0; i--) {
            int place = rowPlaces[i];
            if (first[place] == END) met[groups++] = place;
            next[i] = first[place];
            first[place] = i;
        }
        double[] ownLogs = new double[n], ownRewards = new double[n];
        for (int g = 0; g < groups; g++) {
            WeightSums group = sums.get(met[g]);
            double max = group.max();
            int count = 0;
            for (int row = first[met[g]]; row != END; row = next[row]) {
                ownLogs[count] = logs[row];
                ownRewards[count++] = rewards[row];
                max = Math.max(max, logs[row]);
            }
            first[met[g]] = END;
            group.join(WeightSums.of(ownLogs, ownRewards, count, logClip, max, terms));
        }
    }

    private static int[] grown(int[] chains, int size) {
        int[] more = Arrays.copyOf(chains, Math.max(size, 2 * chains.length));
        Arrays.fill(more, chains.length, more.length, END);
        return more;
    }

    /**
     * Adds the rows of another part.
     *
     * @return the places here of its groups
     * @throws IllegalArgumentException if there are too many groups in both; then nothing is added
     */
    int[] merge(GroupSums other) {
        int more = 0;
        for (String name : other.names) if (!places.containsKey(name)) requireRoom(++more, name);
        int[] here = new int[other.names.size()];
        for (int i = 0; i < here.length; i++) {
            here[i] = place(other.names.get(i));
            sums.get(here[i]).join(other.sums.get(i));
        }
        return here;
    }

    /** The groups by name. */
    List<WeightGroup> list(WeightSums all, boolean rewarded, double logClip) {
        return names.stream().sorted().map(name -> {
            WeightSums group = sums.get(places.get(name));
            return new WeightGroup(name, group.count(), group.zeros(), group.shareOf(all), group.ess(), group.largestShare(),
                rewarded ? group.estimates(logClip) : List.of());
        }).toList();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(most);
        out.writeInt(names.size());
        for (int i = 0; i < names.size(); i++) {
            out.writeUTF(names.get(i));
            sums.get(i).write(out);
        }
    }

    /** @throws IOException if they were damaged */
    static GroupSums read(DataInputStream in) throws IOException {
        int most = in.readInt(), size = in.readInt();
        if (most < 0 || most > MOST || size < 0 || size > most) throw new IOException("found " + size + " groups of " + most);
        var groups = new GroupSums(most);
        for (int i = 0; i < size; i++) {
            String name = in.readUTF();
            if (name.length() > LONGEST_NAME || groups.place(name) != i) throw new IOException("found the group '" + name + "' twice");
            groups.sums.set(i, WeightSums.read(in));
        }
        return groups;
    }
}
