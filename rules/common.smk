from runsieve.code import fingerprint
from runsieve.config.load import load
from runsieve.plan import Plan
from runsieve.runs.files import local

try:
    PLANS = {name: Plan(loaded, workflow.pathvars.apply("<data>")) for name, loaded in load(config).items()}
except RunsieveError as error:
    raise WorkflowError(str(error))


def plan(wildcards):
    """The plan of the analysis that a job belongs to."""
    return PLANS[wildcards.analysis]


def models_in(folder, networks):
    """Regular expression for {analysis} where the path below `folder` names a network, or none.

    A model's name alone does not say what it is: two analyses may use one name for two things. So
    the expression looks ahead, from the analysis to the model.
    """
    analyses = []
    for name, one in PLANS.items():
        models = [m for m in one.settings.models if one.is_network(m) == networks]
        if models:
            analyses.append(rf"{name}(?=/{folder}/\w+/(?:{'|'.join(models)})/)")
    return "|".join(analyses) or "(?!)"
