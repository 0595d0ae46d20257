package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Who acts, by examples that can be followed by hand: three tasks, of which the learned policy does best on 2 and worst on 0. */
class TransfersTest {
    private static final int LEARNED = Transfers.LEARNED;

    private static Transfers of(int recent) {
        var transfers = new Transfers(3, recent, 4, 0);
        transfers.earned(0, LEARNED, 1);
        transfers.earned(1, LEARNED, 5);
        transfers.earned(2, LEARNED, 9);
        return transfers;
    }

    /** With a translator. */
    private static Transfers open(int recent) {
        var transfers = of(recent);
        transfers.open();
        return transfers;
    }

    @Test
    void withoutATranslatorTheLearnedPolicyActs() {
        var transfers = of(5);
        for (int task = 0; task < 3; task++) {
            assertArrayEquals(new int[0], transfers.candidates(task));
            assertEquals(LEARNED, transfers.next(task));
        }
    }

    @Test
    void onlyWhoDoesBetterElsewhereIsACandidateTheBestFirst() {
        var transfers = open(5);
        assertArrayEquals(new int[] {2, 1}, transfers.candidates(0));
        assertArrayEquals(new int[] {2}, transfers.candidates(1));
        assertArrayEquals(new int[0], transfers.candidates(2));
        assertEquals(LEARNED, transfers.next(2));
    }

    @Test
    void everyCandidateIsTriedOnceThenTheBestActs() {
        var transfers = open(5);
        assertEquals(2, transfers.next(0));
        transfers.earned(0, 2, 0);
        assertEquals(1, transfers.next(0));
        transfers.earned(0, 1, 4);
        assertEquals(1, transfers.next(0), "4 is more than 1 and 0");
        transfers.earned(0, 1, -4);
        assertEquals(LEARNED, transfers.next(0), "(4 − 4) / 2 = 0 is less than 1");
        assertEquals(0, transfers.mean(0, 1));
    }

    @Test
    void theLearnedPolicyIsSeenAgain() {
        var transfers = open(3);
        for (int episode = 0; episode < 3; episode++) {
            assertEquals(2, transfers.next(1));
            transfers.earned(1, 2, 8);
        }
        assertEquals(LEARNED, transfers.next(1), "after three episodes by others");
        transfers.earned(1, LEARNED, 6);
        assertEquals(2, transfers.next(1));
        for (int episode = 0; episode < 3; episode++) transfers.earned(1, 2, 8);
        transfers.earned(1, LEARNED, 20);
        assertEquals(31.0 / 3, transfers.mean(1, LEARNED));
        assertEquals(LEARNED, transfers.next(1), "it has become the best of all");
        assertArrayEquals(new int[] {1}, transfers.candidates(2));
    }

    @Test
    void equalReturnsLeaveTheLearnedPolicyToAct() {
        var transfers = open(5);
        transfers.earned(0, 2, 1);
        transfers.earned(0, 1, 1);
        assertEquals(LEARNED, transfers.next(0));
        transfers.earned(1, LEARNED, 13);
        assertArrayEquals(new int[0], transfers.candidates(1), "(5 + 13) / 2 = 9 is no less than 9");
    }

    @Test
    void onlyTheLastReturnsCount() {
        var transfers = open(2);
        transfers.earned(0, LEARNED, 3);
        transfers.earned(0, LEARNED, 7);
        assertEquals(5, transfers.mean(0, LEARNED), "1 is forgotten");
        assertArrayEquals(new int[] {2}, transfers.candidates(0), "task 1 is no better any more");
    }

    @Test
    void aCandidateIsTriedAgainAfterAWhile() {
        var transfers = open(5);
        transfers.earned(0, 2, 0);
        transfers.earned(0, 1, 0);
        for (int episode = 0; episode < 3; episode++) {
            assertEquals(LEARNED, transfers.next(0));
            transfers.earned(0, LEARNED, 1);
        }
        assertEquals(2, transfers.next(0), "four episodes ago");
        transfers.earned(0, 2, 20);
        assertEquals(10, transfers.mean(0, 2), "both of its returns count");
        assertEquals(1, transfers.next(0), "its turn");
        transfers.earned(0, 1, 0);
        assertEquals(2, transfers.next(0), "it is the best now");
    }

    /** Returns 0, 2 and 4, 6: means 1 and 5, squared errors of both means 1, so that the error of the difference is 1.41. */
    @Test
    void aSourceMustBeClearlyAhead() {
        for (double lead : new double[] {0, 2.8, 2.9}) {
            var transfers = new Transfers(2, 5, 4, lead);
            transfers.open();
            transfers.earned(0, LEARNED, 0);
            transfers.earned(1, LEARNED, 4);
            assertEquals(lead == 0 ? 1 : 0, transfers.candidates(0).length, "one return tells no error");
            transfers.earned(0, LEARNED, 2);
            transfers.earned(1, LEARNED, 6);
            assertEquals(lead < 4 / Math.sqrt(2) ? 1 : 0, transfers.candidates(0).length);
            assertEquals(0, transfers.candidates(1).length);
        }
    }

    @Test
    void aTaskThatNobodyHasSeenNeitherGivesNorTakes() {
        var transfers = new Transfers(3, 5, 4, 0);
        transfers.open();
        transfers.earned(1, LEARNED, 5);
        assertArrayEquals(new int[0], transfers.candidates(0), "how well it is done is not known");
        assertArrayEquals(new int[0], transfers.candidates(1));
        transfers.clear();
        assertTrue(Double.isNaN(transfers.mean(1, LEARNED)));
    }

    @Test
    void itIsStored() throws IOException {
        var transfers = open(5);
        transfers.earned(0, 2, 20);
        var bytes = new ByteArrayOutputStream();
        transfers.save(new DataOutputStream(bytes));
        var read = new Transfers(3, 5, 4, 0);
        read.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(1, read.next(0));
        assertEquals(20, read.mean(0, 2));
        var other = open(5);
        for (int i = 0; i < 5; i++) other.earned(0, LEARNED, i);
        bytes.reset();
        other.save(new DataOutputStream(bytes));
        var e = assertThrows(IOException.class,
            () -> new Transfers(3, 2, 4, 0).load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
        assertTrue(e.getMessage().contains("found 5 recent returns, expected at most 2"), e.getMessage());
    }
}
