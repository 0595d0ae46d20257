"""Writes bandit_twin.csv: rounds of Open Bandit Pipeline's synthetic data, and what its estimators and reward models say about them.

Run once with obp 0.4.1 (numpy 1.26, scikit-learn 1.3). Numbers are rounded before anything is computed, so that the file holds exactly what was used.
Rows: "round", fold, action, reward, propensity, 3 features, 5 target probabilities, 5 predicted rewards;
"value", name, λ, value; "prediction", model, round, 5 predicted rewards.
"""

import csv
import pathlib

import numpy as np
from obp.dataset import SyntheticBanditDataset, linear_behavior_policy, logistic_reward_function
from obp.ope import (DirectMethod, DoublyRobust, DoublyRobustWithShrinkage, InverseProbabilityWeighting, RegressionModel, SelfNormalizedDoublyRobust,
                     SelfNormalizedInverseProbabilityWeighting, SwitchDoublyRobust)
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold

ROUNDS, ACTIONS = 200, 5


class PerAction:
    """One regression for each action, in the form of OBP's model."""

    def __init__(self, make):
        self.models = [make() for _ in range(ACTIONS)]

    def fit(self, context, action, reward):
        for a, model in enumerate(self.models):
            model.fit(context[action == a], reward[action == a])
        return self

    def predict(self, context):
        return np.stack([m.predict_proba(context)[:, 1] if hasattr(m, "predict_proba") else m.predict(context) for m in self.models], axis=1)


def logistic():
    return LogisticRegression(C=2.0, tol=1e-12, max_iter=100_000, solver="newton-cholesky")


data = SyntheticBanditDataset(n_actions=ACTIONS, dim_context=3, reward_function=logistic_reward_function, behavior_policy_function=linear_behavior_policy,
                              random_state=12).obtain_batch_bandit_feedback(n_rounds=ROUNDS)
context, action, reward = data["context"].round(4), data["action"], data["reward"].astype(float)
propensity = data["pscore"].round(6)
target = (0.01 + 0.95 * softmax(1.5 * context @ np.random.default_rng(3).normal(size=(3, ACTIONS)), axis=1)).round(6)
target[:, -1] = (1 - target[:, :-1].sum(axis=1)).round(6)
folds = np.empty(ROUNDS, dtype=int)
for number, (_, held) in enumerate(KFold(3, shuffle=True, random_state=1).split(context)):
    folds[held] = number


def crossfit(model, method="normal"):
    regression = RegressionModel(n_actions=ACTIONS, base_model=model, fitting_method=method)
    return regression.fit_predict(context=context, action=action, reward=reward, pscore=propensity, action_dist=target[:, :, None], n_folds=3, random_state=1)[:, :, 0]


predicted = crossfit(logistic()).round(6)
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    for i in range(ROUNDS):
        out.writerow(["round", folds[i], action[i], int(reward[i]), propensity[i], *context[i], *(f"{p:.6g}" for p in target[i]), *(f"{q:.6g}" for q in predicted[i])])

    weighted = {"reward": reward, "action": action, "pscore": propensity, "action_dist": target[:, :, None]}

    def value(name, estimator, q=predicted, parameter=""):
        out.writerow(["value", name, parameter, repr(float(estimator.estimate_policy_value(**weighted, estimated_rewards_by_reg_model=q[:, :, None])))])

    value("dm", DirectMethod())
    value("ips", InverseProbabilityWeighting())
    value("snips", SelfNormalizedInverseProbabilityWeighting())
    value("dr", DoublyRobust())
    value("snDr", SelfNormalizedDoublyRobust())
    for parameter in (0.0, 0.5, 2.0, 10.0, 1e9):
        value("switchDr", SwitchDoublyRobust(tau=parameter), parameter=parameter)
        value("drOs", DoublyRobustWithShrinkage(lambda_=parameter), parameter=parameter)
    value("mrdr", DoublyRobust(), q=crossfit(logistic(), "mrdr"))
    value("mrdrRidge", DoublyRobust(), q=crossfit(Ridge(alpha=3.0, tol=1e-12), "mrdr"))

    for i in (0, 1, 57, 199):
        for name, q in (("logistic(2), additive", crossfit(logistic())), ("ridge(3), additive", crossfit(Ridge(alpha=3.0)))):
            out.writerow(["prediction", name, i, *(repr(float(v)) for v in q[i])])
        for name, make in (("logistic(2)", logistic), ("ridge(3)", lambda: Ridge(alpha=3.0))):
            learned = folds != folds[i]
            q = PerAction(make).fit(context[learned], action[learned], reward[learned]).predict(context[i:i + 1])[0]
            out.writerow(["prediction", name, i, *(repr(float(v)) for v in q)])
